"""The world of a clause: the client, unique names, and the objects that most clauses start with. Proves nothing itself."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any, Generic, TypeVar
from uuid import uuid4

from billbridge import AsyncBilling, Customer, Item, Money, Price, Product, Subscription
from billbridge.errors import BillingError, UnsupportedOperationError
from billbridge.model import Entity, IntervalName, ModelName

from billbridge_contract.backend import Backend, Tokens
from billbridge_contract.meter import Meter

T = TypeVar("T")
E = TypeVar("E", bound=BillingError)

MONTHLY = Money("19.00", "USD")
PATIENCE = 2
"""Seconds between two tries of a search."""


@dataclass
class Caught(Generic[E]):
    """The error that `refuses` caught."""

    error: E


@dataclass(frozen=True)
class World:
    """One run of one clause."""

    billing: AsyncBilling
    backend: Backend
    meter: Meter

    @property
    def tokens(self) -> Tokens:
        """The test cards. Only clauses with `cards=True` can use them."""
        assert self.backend.tokens is not None, "this clause uses cards, so its decorator needs cards=True"
        return self.backend.tokens

    @property
    def requests(self) -> int:
        """The number of requests that the last call sent."""
        return len(self.meter.exchanges)

    def advance(self, days: int) -> None:
        """Move the vendor's clock."""
        self.backend.advance(days)

    def just_now(self, entity: Entity, *names: str) -> None:
        """Assert that these times of an object are now by the vendor's clock, within ten minutes for slow accounts."""
        now = self.backend.now()
        for name in names:
            when: datetime | None = getattr(entity, name)
            near = when is not None and abs(when - now) < timedelta(minutes=10)
            said = f"{type(entity).__name__}.{name} is {when}, the backend's now() is {now}"
            assert near, f"{said}: override Backend.now if the vendor has its own clock"

    def unique(self, word: str) -> str:
        """Return a unique name, also in an account that other runs share."""
        return f"{word}-{uuid4().hex[:16]}"

    def digits(self, count: int) -> str:
        """Return a unique number of `count` digits, for a phone number."""
        return str(uuid4().int)[-count:]

    def email(self) -> str:
        """Return an e-mail address that nobody has (RFC 2606 reserves the domain)."""
        return f"{self.unique('contract')}@example.com"

    async def customer(self, token: str | None = None) -> Customer:
        """Create a customer, with the card of `token` if you pass one."""
        customer = await self.billing.customers.create(email=self.email(), name="Contract Test")
        if token is not None:
            await self.billing.payment_methods.attach(customer.id, token=token)
        return customer

    async def product(self) -> Product:
        """A product. Its name is unique, as Chargebee demands."""
        return await self.billing.products.create(name=self.unique("Contract product"))

    async def price(
        self, amount: Money = MONTHLY, *, every: IntervalName = "month", interval_count: int = 1, model: ModelName = "per_unit"
    ) -> Price:
        """Create a price of a new product, because Chargebee has one price for each product, currency and period."""
        product = await self.product()
        return await self.billing.prices.create(product=product.id, amount=amount, every=every, interval_count=interval_count, model=model)

    async def subscribe(self, customer: str, price: str, quantity: int = 1) -> Subscription:
        """Create a subscription to one price."""
        return await self.billing.subscriptions.create(customer=customer, items=[Item(price=price, quantity=quantity)])

    async def subscribed(self, *, quantity: int = 1) -> Subscription:
        """Create a subscription to 19.00 USD a month, with a customer and a card."""
        customer = await self.customer(self.tokens.visa)
        price = await self.price()
        return await self.subscribe(customer.id, price.id, quantity)

    async def eventually(self, look: Callable[[], Awaitable[T]], enough: Callable[[T], bool]) -> T:
        """Return the result of `look` as soon as it is enough, or the last one when `search_lag` has passed."""
        end = monotonic() + self.backend.search_lag
        while not enough(seen := await look()) and monotonic() < end:
            sleep(PATIENCE)
        return seen


async def everything(listed: AsyncIterable[T]) -> list[T]:
    """Return all objects of a list, in its order."""
    return [item async for item in listed]


async def in_pages(listed: Any, size: int) -> list[Any]:
    """Return all objects of a list. Assert that no page is larger than `size`."""
    pages = [page async for page in listed.pages()]
    assert all(len(page.items) <= size for page in pages), f"a page is larger than {size}"
    return [item for page in pages for item in page.items]


@contextmanager
def refuses(*kinds: type[E]) -> Iterator[Caught[E]]:
    """Assert that the block raises one of these errors. `UnsupportedOperationError` never counts."""
    caught: Caught[Any] = Caught(None)
    try:
        yield caught
    except UnsupportedOperationError:
        raise
    except kinds as error:
        caught.error = error
    except BillingError as error:
        raise AssertionError(f"raised {error!r}, but the clause promises {_names(kinds)}") from error
    else:
        raise AssertionError(f"raised nothing, but the clause promises {_names(kinds)}")


def _names(kinds: tuple[type[BaseException], ...]) -> str:
    return " or ".join(kind.__name__ for kind in kinds)
