"""Stripe through Airbyte as a provider: its one service, its credentials, and what it needs. Sends nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from billbridge.errors import ConfigurationError
from billbridge.plugins.options import filled, missing
from billbridge.plugins.provider import INTERFACES, Provider
from billbridge.services import operations
from billbridge.services.capability import Feature, Support
from billbridge.toolkit.keys import checked_key

from billbridge_airbyte.api import AirbyteApi
from billbridge_airbyte.customers import AirbyteCustomers
from billbridge_airbyte.failures import NAME
from billbridge_airbyte.generations import GENERATIONS, LATEST
from billbridge_airbyte.options import AirbyteStripeOptions
from billbridge_airbyte.tokens import Tokens

_READS = ("customers.get", "customers.list")
_REVERSE = "Airbyte lists the newest first: leave the order out and turn the list around, or use the provider 'stripe'"
_ELSEWHERE = "Airbyte is used to read customers; the provider 'stripe' does the rest, with a key of Stripe's"
_OTHER_KEYS: Final = dict.fromkeys(("sk_", "rk_", "pk_", "whsec_"), "a key of Stripe, which only the connector in Airbyte may hold")
# A simulated Airbyte is asked without options: it takes every connector, and this token.
_SIMULATED_CONNECTOR, _SIMULATED_TOKEN = "sandbox", "sandbox_token"


class AirbyteStripeProvider(Provider):
    """Stripe's customers through Airbyte's Stripe connector: `customers.get` and `customers.list`, and nothing else.

    `connector_id` is the connector's id (in the first generation, the instance's). Either `client_id` and `client_secret` are exchanged
    for tokens, which are renewed, or a ready `token` is used until it expires. `organization_id` is needed where a client belongs to
    several organizations. `generation` is one of `GENERATIONS`; `base_url` replaces both its hosts, for a test double on loopback.

    Raises `ConfigurationError` for options that cannot be right; those that are missing are told by `base_url` and `credentials`.
    """

    name = NAME
    api_version = "v1"
    features = {Feature.CUSTOMERS_CREATED: Support.EMULATED}
    hints = {
        Feature.CUSTOMERS_CREATED: "the list is read from its newest customer, and those of that time are picked here",
        Feature.CUSTOMERS_OLDEST_FIRST: _REVERSE,
        **{
            f"{interface.resource}.{operation}": _ELSEWHERE
            for interface in INTERFACES
            for operation in operations(interface)
            if f"{interface.resource}.{operation}" not in _READS
        },
    }

    def __init__(
        self,
        *,
        connector_id: str = "",
        client_id: str = "",
        client_secret: str = "",
        token: str = "",
        organization_id: str = "",
        generation: str = LATEST,
        base_url: str = "",
    ) -> None:
        given = {
            "connector_id": connector_id,
            "client_id": client_id,
            "client_secret": client_secret,
            "token": token,
            "organization_id": organization_id,
        }
        filled(AirbyteStripeOptions, {**given, "generation": generation, "base_url": base_url}, owner=NAME)
        if generation not in GENERATIONS:
            raise _wrong("airbyte has no generation of that name", "generation", f"pass one of {', '.join(GENERATIONS)}")
        if token and (client_id or client_secret):
            raise _wrong("both a token and a client were given", "token", "pass either token, or client_id and client_secret")
        for name, value in given.items():
            checked_key(value, param=name, provider=NAME, hint=f"copy {name} again from Airbyte", refused=_OTHER_KEYS)
        chosen = GENERATIONS[generation]
        self._connector_id = connector_id
        self._credentials = (client_id, client_secret)
        self._token = token
        self._organization_id = organization_id
        self._base_url = base_url or chosen.execute_host
        host = base_url or chosen.sign_in_host
        tokens = None
        if client_id and client_secret:
            tokens = Tokens(host, chosen.sign_in_path, self.headers(), client_id=client_id, client_secret=client_secret)
        self.customers = AirbyteCustomers(AirbyteApi(chosen.execute_path, connector_id or _SIMULATED_CONNECTOR, tokens))
        super().__init__()

    def base_url(self) -> str:
        """The generation's host for connectors, unless another was given. Raises `ConfigurationError` without a connector."""
        if not self._connector_id:
            raise missing(NAME, "connector_id", "the id of the Stripe connector, as Airbyte shows it")
        return self._base_url

    def credentials(self) -> Mapping[str, str]:
        """The ready token. Nothing where tokens are exchanged: each request brings its own. Raises `ConfigurationError` without either."""
        if self._token:
            return {"Authorization": f"Bearer {self._token}"}
        for name, value in zip(("client_id", "client_secret"), self._credentials, strict=True):
            if not value:
                raise missing(NAME, name, "client_id and client_secret belong to an application in Airbyte; a token replaces both")
        return {}

    def sandbox_credentials(self) -> Mapping[str, str]:
        """A made-up token. A client's id and secret, where given, are still exchanged, with the simulated Airbyte in this process."""
        return {"Authorization": f"Bearer {_SIMULATED_TOKEN}"}

    def headers(self) -> Mapping[str, str]:
        """The organization, where one was named: Airbyte refuses clients that belong to several without it."""
        return {"X-Organization-Id": self._organization_id} if self._organization_id else {}


def _wrong(message: str, param: str, hint: str | None = None) -> ConfigurationError:
    return ConfigurationError(message, param=param, provider=NAME, hint=hint)
