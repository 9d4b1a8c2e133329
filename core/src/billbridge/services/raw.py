"""The way down: any request to the vendor, with the same credentials, retries and errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from billbridge.flow import Flow
from billbridge.services.base import Service


class RawService(Service):
    """The vendor's own API, for what Billbridge does not cover. Parameters and answers are the vendor's.

    `path` is the vendor's, such as "/v1/charges" or "/api/v2/orders"; `params` may nest dicts and lists and are encoded the vendor's way.
    Answers are decoded JSON, fractions as `Decimal`.
    """

    resource = "raw"

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        """A GET request. Raises what every operation raises, with the vendor's code and request id."""
        self._refuse("get")

    def post(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        """A POST request, with an idempotency key."""
        self._refuse("post")

    def delete(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        """A DELETE request. Chargebee has none: its deletes are POSTs."""
        self._refuse("delete")
