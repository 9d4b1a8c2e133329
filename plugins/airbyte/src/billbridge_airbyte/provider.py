"""The provider "airbyte-stripe": its one service, its credentials and its capabilities. It sends nothing itself."""

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
_REVERSE = "leave the order out and reverse the list, or use the provider 'stripe': Airbyte lists the newest first"
_ELSEWHERE = "use the provider 'stripe' with a key of Stripe: this provider only reads customers through Airbyte"
_OTHER_KEYS: Final = dict.fromkeys(("sk_", "rk_", "pk_", "whsec_"), "a key of Stripe, which only the connector in Airbyte may hold")
# A simulated Airbyte needs no options: it accepts every connector, and this token.
_SIMULATED_CONNECTOR, _SIMULATED_TOKEN = "sandbox", "sandbox_token"


class AirbyteStripeProvider(Provider):
    """Stripe's customers through Airbyte's Stripe connector. It has `customers.get` and `customers.list`, and nothing else.

    - `connector_id` is the id of the connector. In the generation "2025-12" it is the id of the connector's instance.
    - `client_id` and `client_secret` belong to an application in Airbyte. They are exchanged for tokens, which are renewed.
    - `token` replaces both. It is used until it expires.
    - `organization_id` is needed if the client belongs to several organizations.
    - `generation` is one of `GENERATIONS`. `base_url` replaces both of its hosts, for a test double.

    Raises `ConfigurationError` for an invalid option. A missing option raises it only when a request needs it.
    """

    name = NAME
    api_version = "v1"
    features = {Feature.CUSTOMERS_CREATED: Support.EMULATED}
    hints = {
        Feature.CUSTOMERS_CREATED: "the list is read from the newest customer on, and the provider keeps the customers of that time",
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
        """The host of the generation, or the `base_url` that you passed. Raises `ConfigurationError` without a connector."""
        if not self._connector_id:
            raise missing(NAME, "connector_id", "the id of the Stripe connector, as Airbyte shows it")
        return self._base_url

    def credentials(self) -> Mapping[str, str]:
        """The token that you passed. Empty with a client id and secret, because each request then carries its own token.

        Raises `ConfigurationError` without either.
        """
        if self._token:
            return {"Authorization": f"Bearer {self._token}"}
        for name, value in zip(("client_id", "client_secret"), self._credentials, strict=True):
            if not value:
                raise missing(NAME, name, "client_id and client_secret belong to an application in Airbyte; a token replaces both")
        return {}

    def sandbox_credentials(self) -> Mapping[str, str]:
        """An invented token. If you pass a client id and secret, they are exchanged with the simulated Airbyte in this process."""
        return {"Authorization": f"Bearer {_SIMULATED_TOKEN}"}

    def headers(self) -> Mapping[str, str]:
        """The organization, if you passed one. Airbyte needs it from clients that belong to several organizations."""
        return {"X-Organization-Id": self._organization_id} if self._organization_id else {}


def _wrong(message: str, param: str, hint: str | None = None) -> ConfigurationError:
    return ConfigurationError(message, param=param, provider=NAME, hint=hint)
