"""Meters at Stripe. The requests only; `translate.meters` says what the fields mean."""

from __future__ import annotations

from typing import Final

import msgspec
from billbridge.errors import BillingError
from billbridge.flow import Flow, path
from billbridge.model import Meter, MeterQuery, NewMeter, Page
from billbridge.services import MeterService

from billbridge_stripe import wire_catalog as wire
from billbridge_stripe.api import StripeApi
from billbridge_stripe.lists import rows
from billbridge_stripe.translate.meters import meter, new_meter

_METER: Final = msgspec.json.Decoder(wire.Meter)
_ALL: Final = "/v1/billing/meters"
_STATUS: Final = {True: "active", False: "inactive", None: None}


class StripeMeters(MeterService):
    """Meters at Stripe: `/v1/billing/meters`."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    def create(self, new: NewMeter) -> Flow[Meter]:
        body = yield from self._api.post(_ALL, new_meter(new))
        return self._read(body)

    def get(self, id: str) -> Flow[Meter]:
        body = yield from self._api.get(path("/v1/billing/meters/{}", id))
        return self._read(body)

    def archive(self, id: str) -> Flow[Meter]:
        return self._turn(id, "/v1/billing/meters/{}/deactivate", active=False)

    def unarchive(self, id: str) -> Flow[Meter]:
        return self._turn(id, "/v1/billing/meters/{}/reactivate", active=True)

    def list(self, query: MeterQuery) -> Flow[Page[Meter]]:
        found, cursor = yield from rows(self._api, _ALL, query, {"status": _STATUS[query.active]})
        return Page(items=[self._read(row) for row in found], next_cursor=cursor)

    def _turn(self, id: str, where: str, *, active: bool) -> Flow[Meter]:
        """Deactivate or reactivate a meter.

        Stripe answers an error if the meter already has that status. Billbridge then returns the meter as it is.
        """
        try:
            body = yield from self._api.post(path(where, id))
        except BillingError as error:
            if error.status != 400:
                raise
            found = yield from self.get(id)
            if found.active is not active:
                raise error from None
            return found
        return self._read(body)

    def _read(self, body: bytes | msgspec.Raw) -> Meter:
        return meter(self._api.read(_METER, body), body)
