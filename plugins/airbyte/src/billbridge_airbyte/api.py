"""Airbyte's execute request, as a flow: it gets a token, retries, and opens the envelope. Knows no entity.

Every request here only reads, although it is a POST. It carries no idempotency key, because Airbyte has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

import msgspec
from billbridge.errors import AuthenticationError, BillingError
from billbridge.flow import Flow, Request, Response, ask, path
from billbridge.flow.retry import exchange
from billbridge.toolkit.decoding import decode

from billbridge_airbyte.argument_names import ARGUMENTS
from billbridge_airbyte.envelope import Opened, opened
from billbridge_airbyte.failures import NAME, failure
from billbridge_airbyte.tokens import Tokens

T = TypeVar("T")
_JSON: Final = {"Content-Type": "application/json"}


class AirbyteApi:
    """The dialect for `billbridge.flow.retry`, and the request. `tokens` is None if the headers of the route hold the token."""

    provider = NAME
    key_header = "Idempotency-Key"  # never sent
    key_limit = 255
    arguments = ARGUMENTS

    def __init__(self, execute_path: str, connector_id: str, tokens: Tokens | None) -> None:
        self._template = execute_path
        self._connector_id = connector_id
        self._tokens = tokens

    def failure(self, request: Request, response: Response) -> BillingError:
        """Return the error for an answer other than 2xx."""
        return failure(request, response)

    def execute(self, entity: str, action: str, params: Mapping[str, Any]) -> Flow[Opened]:
        """Return the connector's answer, without its envelope.

        It always sends `skip_truncation`. Without it Airbyte shortens long texts, and you cannot tell that from the record. If Airbyte
        refuses the token, it gets a new one, once. A second refusal raises `AuthenticationError`.
        """
        body = msgspec.json.encode({"entity": entity, "action": action, "params": params, "skip_truncation": True})
        request = Request(method="POST", path=path(self._template, self._connector_id), body=body, headers=_JSON)
        if self._tokens is None:
            return (yield from self._sent(request, None))
        call = yield from ask(keyed=False)
        token = yield from self._tokens.current(call)
        try:
            return (yield from self._sent(request, token))
        except AuthenticationError as error:
            if error.status != 401 or error.type is not None:  # not our token: Stripe refused the key of the connector
                raise
        token = yield from self._tokens.current(call, refused=token)
        return (yield from self._sent(request, token))

    def read(self, decoder: msgspec.json.Decoder[T], data: msgspec.Raw) -> T:
        """Return the decoded JSON. Raises `ProtocolError` if it is not what the connector documents."""
        return decode(decoder, data, self.provider)

    def _sent(self, request: Request, token: str | None) -> Flow[Opened]:
        if token is not None:
            request = msgspec.structs.replace(request, headers={**_JSON, "Authorization": f"Bearer {token}"})
        response = yield from exchange(request, self, reads=True)
        found = opened(response.body, self)
        if not found.succeeded:
            error = failure(request, response)
            call = yield from ask(keyed=False)
            self.arguments.rename(error, call.operation)
            raise error
        return found
