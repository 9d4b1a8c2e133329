"""Providers that break their promises, each in one way. The suite must notice every one."""

from __future__ import annotations

import msgspec
import pytest
from acme import AcmeCustomers, AcmeProvider
from billbridge import Customer, Page
from billbridge.errors import BillingError, NotFoundError, PartialFailureError, UnsupportedOperationError
from billbridge.flow import Flow
from billbridge.model import CustomerPatch, CustomerQuery, NewCustomer


class Liar(AcmeCustomers):
    """Has a method for what it cannot do."""

    def delete(self, id: str, *, destroy_history: bool = False) -> Flow[None]:
        raise UnsupportedOperationError("not here", capability="customers.delete")


class LateRefuser(AcmeCustomers):
    """Looks first, and refuses then."""

    def delete(self, id: str, *, destroy_history: bool = False) -> Flow[None]:
        yield from self.get(id)
        raise UnsupportedOperationError("not here", capability="customers.delete")


class Skipper(AcmeCustomers):
    """Makes the test skip itself."""

    def get(self, id: str) -> Flow[Customer]:
        pytest.skip("not today")


class Excuser(AcmeCustomers):
    """Makes the test an expected failure."""

    def get(self, id: str) -> Flow[Customer]:
        pytest.xfail("known")


class Crasher(AcmeCustomers):
    """Falls over its own feet."""

    def update(self, id: str, patch: CustomerPatch) -> Flow[Customer]:
        updated = yield from super().update(id, patch)
        raise KeyError(updated.id)


class Forgetful(AcmeCustomers):
    """Drops a field without a word."""

    def update(self, id: str, patch: CustomerPatch) -> Flow[Customer]:
        return (yield from super().update(id, CustomerPatch(email=patch.email, name=patch.name, phone=patch.phone, address=patch.address)))


class Timeless(AcmeCustomers):
    """Ignores until when."""

    def list(self, query: CustomerQuery) -> Flow[Page[Customer]]:
        return (yield from super().list(msgspec.structs.replace(query, created_lt=None)))


class Taxing(AcmeCustomers):
    """Charges taxes to those who are exempt."""

    def create(self, new: NewCustomer) -> Flow[Customer]:
        return (yield from super().create(msgspec.structs.replace(new, tax_exempt=None)))


class Keyless(AcmeCustomers):
    """Makes a customer in two POSTs, which share one idempotency key."""

    def create(self, new: NewCustomer) -> Flow[Customer]:
        made = yield from super().create(new)
        return (yield from self.update(made.id, CustomerPatch(name=new.name)))


class HalfDone(Keyless):
    """The same, and says that the first one took effect."""

    def create(self, new: NewCustomer) -> Flow[Customer]:
        try:
            return (yield from super().create(new))
        except BillingError as error:
            raise PartialFailureError("made without a name", done=("create",), failed="name") from error


class Shy(AcmeProvider):
    """Takes the caller's id, and does not say so."""

    features = {}


class Chatty(AcmeCustomers):
    """Says in an error whom it was about."""

    def update(self, id: str, patch: CustomerPatch) -> Flow[Customer]:
        try:
            return (yield from super().update(id, patch))
        except NotFoundError as error:
            error.hint = f"there is no {patch.email}"
            raise
