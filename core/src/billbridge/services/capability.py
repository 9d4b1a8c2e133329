"""Capabilities: what a provider can do. Operations are read from its classes; features (`billbridge.services.feature`) are declared.

The client calls `Capabilities.require` before it calls the provider. So a request is never sent for an absent capability.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

from billbridge.errors import UnsupportedOperationError, ValidationError
from billbridge.services.feature import Feature, Support, asks_of
from billbridge.toolkit.suggestions import did_you_mean

__all__ = ["CONNECTED_ACCOUNTS", "Capabilities", "Feature", "Support", "UnknownCapabilityError", "emulated", "support_of"]

CONNECTED_ACCOUNTS: Final = "accounts.connected"
"""The capability to act for an account that is connected to the platform's own. It belongs to the client, not to an operation."""
F = TypeVar("F", bound=Callable[..., Any])


class UnknownCapabilityError(ValidationError, KeyError):
    """No capability has this name.

    It is a `KeyError` too, so that `capabilities.get(name)` returns None.
    """


class Capabilities(Mapping[str, Support]):
    """All capabilities by name, in a fixed order: `capabilities["subscriptions.cancel"]`.

    An unknown name raises `UnknownCapabilityError`, which is a `ValidationError`.
    """

    def __init__(self, support: Mapping[str, Support], *, provider: str, route: str, hints: Mapping[str, str]) -> None:
        self._support = dict(support)
        self._provider = provider
        self._route = route
        self._hints = hints
        self._lacking: dict[str, list[tuple[Feature, Callable[[Any], bool]]]] = {}

    def __getitem__(self, name: str) -> Support:
        if not isinstance(name, str):
            raise UnknownCapabilityError(
                f"a capability is named by a text, not by {type(name).__name__}", param="capability", hint='such as "subscriptions.cancel"'
            )
        try:
            return self._support[name]
        except KeyError:
            near = did_you_mean(str(name), self._support)
            resource = (near or str(name)).partition(".")[0]
            names = [known for known in self._support if known.startswith(f"{resource}.")]
            guess = f"did you mean {near!r}? " if near else ""
            hint = f"{guess}{resource} has: {', '.join(names)}" if names else "list(billing.capabilities) gives all names"
            raise UnknownCapabilityError(f"no capability is named {name!r}", hint=hint) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._support)

    def __len__(self) -> int:
        return len(self._support)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._support

    def __repr__(self) -> str:
        able = sum(1 for support in self._support.values() if support)
        return f"<Capabilities of {self._provider} by {self._route}: {able} of {len(self._support)}>"

    def narrowed(self, keep: Callable[[str], bool], *, route: str) -> Capabilities:
        """Make the capabilities of a route that carries only the names for which `keep` returns true. The others become absent."""
        support = {name: value if keep(name) else Support.ABSENT for name, value in self._support.items()}
        return Capabilities(support, provider=self._provider, route=route, hints=self._hints)

    def require(self, operation: str, draft: object = None) -> None:
        """Check that an operation, and every feature that the draft uses, is there.

        Raises `UnsupportedOperationError` for the first one that is absent.
        """
        if not self._support[operation]:
            raise self.refusal(operation)
        if draft is None:
            return
        lacking = self._lacking.get(operation)
        if lacking is None:  # test only for the features that are absent
            lacking = self._lacking[operation] = [test for test in asks_of(operation) if not self._support[test[0]]]
        for feature, is_asked in lacking:
            if is_asked(draft):
                raise self.refusal(feature)

    def refusal(self, name: str) -> UnsupportedOperationError:
        """Make the error for an absent capability, with the provider's hint."""
        gateway = "" if self._route == "direct" else f" (gateway {self._route})"
        return UnsupportedOperationError(
            f"{self._provider}{gateway} does not support {name}",
            capability=str(name),
            provider=self._provider,
            hint=self._hints.get(name),
        )


def emulated(how: str) -> Callable[[F], F]:
    """Mark a provider's method as emulated: `@emulated("attach, then update the customer")`.

    `how` says which requests it takes. The generated docs show it.
    """

    def mark(method: F) -> F:
        method.__emulated__ = how  # type: ignore[attr-defined]  # functions take attributes; their type does not say which
        return method

    return mark


def support_of(implementation: type, interface: type, name: str) -> Support:
    """Read the support of an operation from the classes.

    It is absent if `implementation` does not override the method, emulated if the method is marked, else native.
    """
    method = getattr(implementation, name)
    if method is getattr(interface, name):
        return Support.ABSENT
    return Support.EMULATED if hasattr(method, "__emulated__") else Support.NATIVE
