"""What a provider can do, as facts: operations are read off its classes, argument-level features are declared from one closed enum.

Does not refuse anything itself: the surface asks here before it calls a provider, so an absent capability never sends a request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from billbridge.errors import UnsupportedOperationError, ValidationError

F = TypeVar("F", bound=Callable[..., Any])


class Support(StrEnum):
    """How a capability is met: by the vendor itself, by several calls or a convention of ours, or not at all. `ABSENT` is falsy."""

    NATIVE = "native"
    EMULATED = "emulated"
    ABSENT = "absent"

    def __bool__(self) -> bool:
        return self is not Support.ABSENT


class Feature(StrEnum):
    """What an operation may or may not be able to do with its arguments. The value is the name for `billing.supports(...)`.

    A feature is asked for when its test in `ASKS` says so of the operation's draft.
    """

    CUSTOMER_ID = "customers.create.id"
    """The caller chooses the customer's id."""
    PRICE_ID = "prices.create.id"
    """The caller chooses a name for the price: its id, or a lookup key."""
    SEVERAL_ITEMS = "subscriptions.create.several_items"
    """A subscription to several plans at once."""
    TRIAL = "subscriptions.create.trial"
    """A trial period chosen per subscription."""
    ALLOW_INCOMPLETE = "subscriptions.create.allow_incomplete"
    """A subscription whose first payment failed is kept, as INCOMPLETE, instead of an error."""

    @property
    def operation(self) -> str:
        """The operation whose argument it is: "customers.create" of "customers.create.id"."""
        return self.value.rpartition(".")[0]


ASKS: Final[Mapping[Feature, Callable[[Any], bool]]] = {
    Feature.CUSTOMER_ID: lambda new: new.id is not None,
    Feature.PRICE_ID: lambda new: new.id is not None,
    Feature.SEVERAL_ITEMS: lambda new: len(new.items) > 1,
    Feature.TRIAL: lambda new: new.trial_days is not None or new.trial_end is not None,
    Feature.ALLOW_INCOMPLETE: lambda new: new.payment_behavior == "allow_incomplete",
}
_BY_OPERATION: Final = {
    operation: tuple(feature for feature in Feature if feature.operation == operation)
    for operation in sorted({feature.operation for feature in Feature})
}


class UnknownCapabilityError(ValidationError, KeyError):
    """There is no capability of that name. A `KeyError` too, so that `capabilities.get(name)` is None."""


class Capabilities(Mapping[str, Support]):
    """Every capability by name, in a fixed order: `capabilities["subscriptions.cancel"]`. An unknown name raises `ValidationError`."""

    def __init__(self, support: Mapping[str, Support], *, provider: str, route: str, hints: Mapping[str, str]) -> None:
        self._support = dict(support)
        self._provider = provider
        self._route = route
        self._hints = hints

    def __getitem__(self, name: str) -> Support:
        try:
            return self._support[name]
        except KeyError:
            raise UnknownCapabilityError(f"there is no capability {name!r}", hint=f"the names are: {', '.join(self._support)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._support)

    def __len__(self) -> int:
        return len(self._support)

    def __contains__(self, name: object) -> bool:
        return name in self._support

    def __repr__(self) -> str:
        able = sum(1 for support in self._support.values() if support)
        return f"<Capabilities of {self._provider} by {self._route}: {able} of {len(self._support)}>"

    def narrowed(self, keep: Callable[[str], bool], *, route: str) -> Capabilities:
        """These capabilities by a route that carries only what `keep` says."""
        support = {name: value if keep(name) else Support.ABSENT for name, value in self._support.items()}
        return Capabilities(support, provider=self._provider, route=route, hints=self._hints)

    def require(self, operation: str, draft: object = None) -> None:
        """Raises `UnsupportedOperationError` if the operation, or something that the draft asks of it, is absent."""
        if not self._support[operation]:
            raise self.refusal(operation)
        if draft is None:
            return
        for feature in _BY_OPERATION.get(operation, ()):
            if ASKS[feature](draft) and not self._support[feature]:
                raise self.refusal(feature)

    def refusal(self, name: str) -> UnsupportedOperationError:
        """The error for an absent capability, with the provider's hint."""
        return UnsupportedOperationError(
            f"{self._provider} by {self._route} does not support {name}",
            capability=str(name),
            provider=self._provider,
            hint=self._hints.get(name),
        )


def emulated(how: str) -> Callable[[F], F]:
    """Marks a provider's method as emulated: `@emulated("attach, then update the customer")`. The docs show `how`."""

    def mark(method: F) -> F:
        method.__emulated__ = how  # type: ignore[attr-defined]  # functions take attributes; their type does not say which
        return method

    return mark


def support_of(implementation: type, interface: type, name: str) -> Support:
    """Read off the classes: absent unless `implementation` overrides the method, emulated if it is marked so."""
    method = getattr(implementation, name)
    if method is getattr(interface, name):
        return Support.ABSENT
    return Support.EMULATED if hasattr(method, "__emulated__") else Support.NATIVE
