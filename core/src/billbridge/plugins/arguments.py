"""The check of what a client is made of: its provider, gateway, limiter and journal. Each error says which line to write instead."""

from __future__ import annotations

import os
import re
from typing import Any

from billbridge.errors import ConfigurationError
from billbridge.plugins.gateway import Gateway
from billbridge.plugins.provider import Provider


def check_parts(client: str, *, provider: object, gateway: object, limiter: object, journal: object) -> None:
    """Raise `ConfigurationError` for a part of the wrong type. `client` is the name of the client's class, for the hint."""
    if not isinstance(provider, Provider):
        raise _wrong("provider", "a provider, such as StripeProvider(...)", provider, _provider_line(client, provider))
    if gateway is not None and not isinstance(gateway, Gateway):
        raise _wrong("gateway", "a gateway, such as Sandbox()", gateway, _gateway_line(gateway, client))
    if limiter is not None:
        from billbridge.flow.limiter import Limiter  # imported here: `import billbridge` does not need it

        if not isinstance(limiter, Limiter):
            raise _wrong("limiter", "a Limiter", limiter, "limiter=Limiter(Limit(25, 1)); both classes are in billbridge.flow.limiter")
    if journal is not None:
        from billbridge.flow.journal import Journal  # imported here: it loads sqlite3

        if not isinstance(journal, Journal):
            path = repr(os.fspath(journal)) if isinstance(journal, str | os.PathLike) else "'billing.journal'"
            raise _wrong("journal", "a Journal", journal, f"journal=Journal({path}); the class is in billbridge.flow.journal")


def check_names(provider: object, gateway: object) -> None:
    """Raise `ConfigurationError` unless `connect` can look these up: a name, and a name, a `Gateway` or None."""
    if not isinstance(provider, str):
        line = "pass it to the constructor: Billing(provider)" if isinstance(provider, Provider) else 'Billing.connect("stripe", ...)'
        raise _wrong("provider", "the name of an installed provider", provider, line)
    if gateway is not None and not isinstance(gateway, str | Gateway):
        raise _wrong("gateway", "a name or a gateway, such as Sandbox()", gateway, _gateway_line(gateway))


def _provider_line(client: str, provider: object) -> str:
    if isinstance(provider, type) and issubclass(provider, Provider):
        return f"{client}({provider.__name__}(...))"
    # A text can be a key in the wrong place, so it is repeated only if it looks like a name.
    name = provider if isinstance(provider, str) and re.fullmatch(r"[a-z][a-z-]{0,19}", provider) else "stripe"
    return f'{client}.connect("{name}", ...)'


def _gateway_line(gateway: object, client: str = "Billing") -> str:
    if isinstance(gateway, str):
        return f'{client}.connect("stripe", gateway="sandbox"): only connect() takes names'
    if isinstance(gateway, type) and issubclass(gateway, Gateway):
        return f"gateway={gateway.__name__}()"
    return "leave gateway out to send requests straight to the vendor"


def _wrong(param: str, wanted: str, given: Any, line: str) -> ConfigurationError:
    kind = f"the class {given.__name__}" if isinstance(given, type) else type(given).__name__
    return ConfigurationError(f"{param} must be {wanted}, not {kind}", param=param, hint=line)
