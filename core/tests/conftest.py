"""A provider without a vendor, and a gateway that answers from a script: the core is tested without any plugin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from billbridge.errors import BillingError, ProviderUnavailableError, RateLimitError, ValidationError
from billbridge.flow import Flow, Request, Response, path
from billbridge.flow.retry import exchange
from billbridge.model import Customer, CustomerPatch, CustomerQuery, NewCustomer, NewSubscription, Page, Subscription, SubscriptionStatus
from billbridge.plugins.gateway import Gateway, InProcess, Route
from billbridge.plugins.provider import Provider
from billbridge.services import CustomerService, SubscriptionService
from billbridge.services.capability import Feature, Support, emulated
from billbridge.toolkit.argument_names import ArgumentNames
from billbridge.toolkit.failures import retry_after


class ToyDialect:
    """A vendor whose errors are its status codes."""

    provider = "toy"
    key_header = "Toy-Key"
    key_limit = 100
    arguments = ArgumentNames({})

    def failure(self, request: Request, response: Response) -> BillingError:
        if response.status == 429:
            limited = RateLimitError("slow down", status=429, retryable=True)
            limited.retry_after = retry_after(response.headers)
            return limited
        if response.status >= 500:
            return ProviderUnavailableError("unwell", status=response.status, retryable=True)
        return ValidationError("wrong", status=response.status)


DIALECT = ToyDialect()


class ToyCustomers(CustomerService):
    def create(self, new: NewCustomer) -> Flow[Customer]:
        yield from exchange(Request(method="POST", path="/customers", body=b"{}"), DIALECT)
        return Customer(provider="toy", id=new.id or "c1", email=new.email)

    def get(self, id: str) -> Flow[Customer]:
        yield from exchange(Request(method="GET", path=path("/customers/{}", id)), DIALECT)
        return Customer(provider="toy", id=id)

    @emulated("two calls")
    def update(self, id: str, patch: CustomerPatch) -> Flow[Customer]:
        yield from exchange(Request(method="POST", path=path("/customers/{}", id)), DIALECT)
        yield from exchange(Request(method="POST", path=path("/customers/{}/address", id)), DIALECT, step="address")
        return Customer(provider="toy", id=id)

    def list(self, query: CustomerQuery) -> Flow[Page[Customer]]:
        response = yield from exchange(Request(method="GET", path="/customers", query=f"after={query.cursor or ''}"), DIALECT)
        ids = response.body.decode().split()
        more = response.headers.get("next")
        return Page(items=[Customer(provider="toy", id=id) for id in ids], next_cursor=more)


class ToySubscriptions(SubscriptionService):
    def create(self, new: NewSubscription) -> Flow[Subscription]:
        yield from exchange(Request(method="POST", path="/subscriptions"), DIALECT)
        return Subscription(provider="toy", id="s1", customer_id=new.customer, status=SubscriptionStatus.ACTIVE, vendor_status="on")


class Toy(Provider):
    name = "toy"
    api_version = "1"
    features = {Feature.TRIAL: Support.NATIVE, Feature.SEVERAL_ITEMS: Support.EMULATED}
    hints = {"customers.create.id": "keep your own id in metadata", "invoices.get": "look at the vendor's page"}

    def __init__(self, *, api_key: str = "k") -> None:
        self.customers = ToyCustomers()
        self.subscriptions = ToySubscriptions()
        super().__init__()

    def base_url(self) -> str:
        return "https://toy.invalid"

    def credentials(self) -> Mapping[str, str]:
        return {"authorization": "Bearer toy-secret"}


class Script(Gateway):
    """Answers from a list, in order, and keeps what was sent. An exception in the list is raised."""

    name = "script"

    def __init__(self, *answers: Response | Exception) -> None:
        self.answers = list(answers)
        self.sent: list[Request] = []
        self.on_send: Callable[[], None] = lambda: None

    def in_process(self) -> InProcess:
        def answer(route: Route, request: Request) -> Response:
            self.sent.append(request)
            self.on_send()
            next_answer: Any = self.answers.pop(0) if self.answers else Response(status=200)
            if isinstance(next_answer, Exception):
                raise next_answer
            return next_answer  # type: ignore[no-any-return]  # errors were raised above

        return answer


@pytest.fixture
def toy() -> Toy:
    return Toy()


@pytest.fixture
def make_script() -> type[Script]:
    return Script


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    """Pauses are recorded instead of slept."""
    waits: list[tuple[float, float]] = []

    async def wait_async(effect: Any) -> None:
        waits.append((effect.low, effect.high))

    monkeypatch.setattr("billbridge.client.executor.wait", lambda effect: waits.append((effect.low, effect.high)))
    monkeypatch.setattr("billbridge.client.executor.wait_async", wait_async)
    return waits
