"""Requests to the vendor's own API, with the same credentials, retries and errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from billbridge.flow import Flow
from billbridge.services.base import Service


class RawService(Service):
    """The vendor's own API, for what Billbridge does not cover. Parameters and answers are the vendor's.

    `path` is the vendor's path, such as "/v1/charges" or "/api/v2/orders". `params` may nest dicts and lists; they are encoded as the
    vendor expects. Answers are decoded JSON, with fractions as `Decimal`.
    """

    resource = "raw"

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        """Send a GET request. Errors carry the vendor's code and request id, as for every operation."""
        self._refuse("get")

    def post(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        """Send a POST request, with an idempotency key."""
        self._refuse("post")

    def delete(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        """Send a DELETE request. Chargebee has none: it deletes with POST."""
        self._refuse("delete")
