"""The contract's clauses about customers, on customers that are written at Stripe and read through Airbyte.

The provider itself cannot make what those clauses read (`tests/contract/tests/test_airbyte.py` proves that it refuses to). So the one
here, which exists for these tests only, writes at the simulated Stripe and reads everything through the simulated Airbyte. It declares
what can be read back; each clause that needs no more must be kept, and each that does must be refused as the contract asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
import pytest
from billbridge import Feature
from billbridge.flow import Flow
from billbridge.model import CreditAdjustment, Customer, CustomerPatch, NewCreditAdjustment, NewCustomer
from billbridge.plugins.provider import Provider
from billbridge_airbyte import AirbyteStripeProvider
from billbridge_airbyte.customers import AirbyteCustomers
from billbridge_contract.backend import Backend, Client, SurfaceClass
from billbridge_contract.cases import Case, judged
from billbridge_contract.registry import Clause, clauses
from billbridge_contract.sandboxes import HttpBackend, InProcessBackend
from billbridge_contract.surfaces import Surface
from billbridge_contract.verdict import Verdict
from billbridge_stripe.abilities import FEATURES
from billbridge_stripe.api import StripeApi
from billbridge_stripe.customers import StripeCustomers

CLAUSES = [clause for clause in clauses() if clause.needs and all(need.startswith("customers.") for need in clause.needs)]

NOT_STRIPES: set[str] = {
    "customers.anonymise",
    Feature.CUSTOMER_ID,
    Feature.CUSTOMER_NAME_PARTS,
    Feature.CUSTOMER_CURRENCY,
    Feature.CUSTOMER_AUTO_COLLECTION,
    Feature.CUSTOMER_ZERO_RATED,
}
NOT_READ_BY_AIRBYTE: set[str] = {
    "customers.search",
    "customers.add_tax_id",  # the connector's customers come without their tax ids
    "customers.remove_tax_id",
    Feature.CUSTOMER_TAX_IDS,
    Feature.CUSTOMER_SEVERAL_TAX_IDS,
    Feature.CUSTOMERS_OLDEST_FIRST,
}
ABSENT = NOT_STRIPES | NOT_READ_BY_AIRBYTE


class WrittenElsewhere(AirbyteCustomers):
    """Customers that Stripe makes and Airbyte reads, the new one included."""

    def __init__(self, reads: AirbyteCustomers) -> None:
        super().__init__(reads._api)
        self._stripe = StripeCustomers(StripeApi())

    def create(self, new: NewCustomer) -> Flow[Customer]:
        made = yield from self._stripe.create(new)
        return (yield from self.get(made.id))

    def update(self, id: str, patch: CustomerPatch) -> Flow[Customer]:
        yield from self._stripe.update(id, patch)
        return (yield from self.get(id))

    def delete(self, id: str, *, destroy_history: bool = False) -> Flow[None]:
        yield from self._stripe.delete(id, destroy_history=destroy_history)

    def adjust_credit(self, id: str, adjustment: NewCreditAdjustment) -> Flow[CreditAdjustment]:
        """The change itself is Stripe's answer; what became of the customer's credit is read through Airbyte."""
        made = yield from self._stripe.adjust_credit(id, adjustment)
        return msgspec.structs.replace(made, provider=StripeAndAirbyte.name)


class StripeAndAirbyte(Provider):
    """Requests to Stripe carry the route's key, those to Airbyte the token for which they exchange the client's secret."""

    name = "airbyte-stripe"
    api_version = "v1"
    features = {feature: support for feature, support in FEATURES.items() if feature not in NOT_READ_BY_AIRBYTE}

    def __init__(self, base_url: str = "") -> None:
        reads = AirbyteStripeProvider(connector_id="con_1", client_id="client-1", client_secret="secret-1", base_url=base_url)
        assert isinstance(reads.customers, AirbyteCustomers)
        self.customers = WrittenElsewhere(reads.customers)
        self._base_url = base_url
        super().__init__()

    def base_url(self) -> str:
        return self._base_url

    def credentials(self) -> Mapping[str, str]:
        return {"Authorization": "Bearer sk_test_x"}


class InProcess(InProcessBackend):
    """Both simulated services in this process."""

    name = "airbyte-reads"

    def connect(self, surface: SurfaceClass) -> Client:
        """A client whose gateway is the sandbox."""
        return surface(StripeAndAirbyte(), gateway=self.sandbox)


class OverHttp(HttpBackend):
    """Both on loopback."""

    name = "airbyte-reads-http"

    def connect(self, surface: SurfaceClass) -> Client:
        """A client that goes over HTTP."""
        return surface(StripeAndAirbyte(self._url))


@pytest.fixture(scope="module", autouse=True)
def served() -> Iterator[None]:
    """Serves while this module's tests run."""
    with OverHttp.served():
        yield


@pytest.mark.parametrize("surface", Surface)
@pytest.mark.parametrize("backend", [InProcess, OverHttp], ids=lambda backend: backend.name)
@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_what_the_contract_promises_about_customers_holds_through_airbyte(clause: Clause, backend: type[Backend], surface: Surface) -> None:
    run, verdict = judged(Case(backend, surface, clause))
    wanted = Verdict.ABSENT if ABSENT.intersection(clause.needs) else Verdict.KEPT
    assert verdict is wanted, repr(run.error)


def test_what_is_declared_is_all_but_what_was_said_to_be_absent() -> None:
    declared = {name: support for name, support in StripeAndAirbyte().capabilities().items() if name.startswith("customers.")}
    assert {name for name, support in declared.items() if not support} == ABSENT
    assert NOT_STRIPES.isdisjoint(FEATURES)


def test_there_are_such_clauses() -> None:
    """That need nothing absent, and so are kept."""
    kept = [clause for clause in CLAUSES if not ABSENT.intersection(clause.needs)]
    assert {clause.id[:3] for clause in kept} == {"CUS", "CUD", "CRD", "LST", "FLT", "VAL", "ERR", "IDM", "MIS", "UNK"}
    assert len(kept) >= 50
