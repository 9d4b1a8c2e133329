"""What a clause's body works with: the client, names of its own, and the things that most clauses begin with. Proves nothing itself."""

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
"""Seconds between two looks at what a search knows."""


@dataclass
class Caught(Generic[E]):
    """What `refuses` caught."""

    error: E


@dataclass(frozen=True)
class World:
    """One run of one clause."""

    billing: AsyncBilling
    backend: Backend
    meter: Meter

    @property
    def tokens(self) -> Tokens:
        """The test cards; only clauses that say `cards=True` may ask."""
        assert self.backend.tokens is not None, "this clause does not say that it needs cards"
        return self.backend.tokens

    @property
    def requests(self) -> int:
        """How many requests the last call sent."""
        return len(self.meter.exchanges)

    def advance(self, days: int) -> None:
        """Moves the vendor's clock."""
        self.backend.advance(days)

    def just_now(self, entity: Entity, *names: str) -> None:
        """Asserts that these times of an object are now by the vendor's clock, give or take what a slow account needs."""
        now = self.backend.now()
        for name in names:
            when: datetime | None = getattr(entity, name)
            near = when is not None and abs(when - now) < timedelta(minutes=10)
            said = f"{type(entity).__name__}.{name} is {when}, the backend's now() is {now}"
            assert near, f"{said}: override Backend.now if the vendor has its own clock"

    def unique(self, word: str) -> str:
        """A name that nothing else has, also in an account that is shared with other runs."""
        return f"{word}-{uuid4().hex[:16]}"

    def digits(self, count: int) -> str:
        """So many digits that nothing else has, for a phone number."""
        return str(uuid4().int)[-count:]

    def email(self) -> str:
        """An address that nobody has (RFC 2606 reserves the domain)."""
        return f"{self.unique('contract')}@example.com"

    async def customer(self, token: str | None = None) -> Customer:
        """A customer, with the card behind `token`."""
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
        """A price of a new product, because Chargebee has one price per product, currency and period."""
        product = await self.product()
        return await self.billing.prices.create(product=product.id, amount=amount, every=every, interval_count=interval_count, model=model)

    async def subscribe(self, customer: str, price: str, quantity: int = 1) -> Subscription:
        """A subscription to one price."""
        return await self.billing.subscriptions.create(customer=customer, items=[Item(price=price, quantity=quantity)])

    async def subscribed(self, *, quantity: int = 1) -> Subscription:
        """A subscription to 19.00 USD a month, of a customer who pays."""
        customer = await self.customer(self.tokens.visa)
        price = await self.price()
        return await self.subscribe(customer.id, price.id, quantity)

    async def eventually(self, look: Callable[[], Awaitable[T]], enough: Callable[[T], bool]) -> T:
        """What `look` gives, as soon as it is enough, or at last when the backend's search must know everything."""
        end = monotonic() + self.backend.search_lag
        while not enough(seen := await look()) and monotonic() < end:
            sleep(PATIENCE)
        return seen


async def everything(listed: AsyncIterable[T]) -> list[T]:
    """All that a list gives, in its order."""
    return [item async for item in listed]


async def in_pages(listed: Any, size: int) -> list[Any]:
    """The same, and asserts that no page is larger than was asked for."""
    pages = [page async for page in listed.pages()]
    assert all(len(page.items) <= size for page in pages), f"a page is larger than {size}"
    return [item for page in pages for item in page.items]


@contextmanager
def refuses(*kinds: type[E]) -> Iterator[Caught[E]]:
    """Asserts that the block raises one of these errors. That something is unsupported is not an answer to any clause."""
    caught: Caught[Any] = Caught(None)
    try:
        yield caught
    except UnsupportedOperationError:
        raise
    except kinds as error:
        caught.error = error
    except BillingError as error:
        raise AssertionError(f"raised {error!r}, promised is {_names(kinds)}") from error
    else:
        raise AssertionError(f"raised nothing, promised is {_names(kinds)}")


def _names(kinds: tuple[type[BaseException], ...]) -> str:
    return " or ".join(kind.__name__ for kind in kinds)
