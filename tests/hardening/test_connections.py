"""Connections, as the vendor sees them: reused while they are good, closed when they are not, and never a leak of credentials."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import httpx
import pytest
from billbridge import Item, Money
from billbridge.errors import (
    NotFoundError,
    PaymentDeclinedError,
    ProtocolError,
)
from billbridge_sandbox import Sandbox

from . import line as ways
from .evidence import settled
from .line import Way, line, says
from .surfaces import by_every_route, connected, on_both_vendors, on_every_surface, run, tell

KEPT = 4  # seconds that an idle connection is kept at least
PAGE = b"<html>not well</html>"
SOON = {"retry_after": "0"}
REDIRECTS = (301, 302, 303, 307, 308)


@on_both_vendors
@on_every_surface
def test_one_connection_serves_through_refusals_declines_and_errors(sandbox: Sandbox, route: str, surface: str) -> None:
    async def story(billing: Any) -> None:
        with pytest.raises(NotFoundError):
            await settled(billing.customers.get("nobody"))
        ada = await settled(billing.customers.create(email="ada@example.com"))
        await settled(billing.products.create(id="pro", name="Pro"))
        price = await settled(billing.prices.create(id="pro-monthly", product="pro", amount=Money("19", "USD"), every="month"))
        await settled(billing.payment_methods.attach(ada.id, token="tok_chargeDeclined"))
        with pytest.raises(PaymentDeclinedError):
            await settled(billing.subscriptions.create(customer=ada.id, items=[Item(price=price.id)]))
        for status in (429, 500, 502, 503):
            far.script.append(says(status, PAGE, **SOON))
            assert (await settled(billing.customers.get(ada.id))).id == ada.id

    with line(sandbox) as far:
        tell(story, surface, route, far)
    assert len(far.calls) > 13
    idle = [later.at - call.at for call, later in pairwise(far.calls) if later.connection != call.connection]
    assert [seconds for seconds in idle if seconds < KEPT] == []


@pytest.mark.parametrize("way", [ways.silence, ways.half, ways.cut, ways.last_words], ids=lambda way: way.__name__)
@on_both_vendors
@on_every_surface
def test_a_connection_that_broke_or_holds_an_unread_answer_is_given_up(sandbox: Sandbox, route: str, surface: str, way: Way) -> None:
    async def story(billing: Any) -> None:
        view = billing.with_options(idempotency_key="k", timeout=0.3)
        far.script.append(way)
        made = await settled(view.customers.create(email="ada@example.com"))
        far.wait(lambda: 1 in far.ended)  # while the client is open
        far.script.append(way)
        assert (await settled(view.customers.get(made.id))).id == made.id
        far.wait(lambda: 2 in far.ended)
        assert [each.id for each in await settled(billing.customers.list())] == [made.id]
        assert far.open == {3}

    with line(sandbox) as far:
        tell(story, surface, route, far)
    assert far.accepted == 3


@pytest.mark.parametrize("where", ["here", "elsewhere"])
@by_every_route
@on_every_surface
def test_no_redirect_is_followed_anywhere(sandbox: Sandbox, route: str, surface: str, where: str) -> None:
    """Case 6: the key goes to the vendor's own host and nowhere else, whatever is answered."""

    async def story(billing: Any) -> None:
        for status in REDIRECTS:
            location = f"{(far if where == 'here' else thief).url}/v1/customers"
            far.script.append(says(status, location=location))
            with pytest.raises(ProtocolError) as caught:
                await settled(billing.customers.get("cus_1"))
            far.script.append(says(status, location=location))
            with pytest.raises(ProtocolError) as again:
                await settled(billing.customers.create(email="ada@example.com"))
            assert (caught.value.status, again.value.status) == (status, status)

    with line(sandbox) as far, line(sandbox) as thief:
        tell(story, surface, route, far)
    assert (len(far.calls), thief.accepted) == (2 * len(REDIRECTS), 0)


@on_both_vendors
@on_every_surface
def test_a_client_of_your_own_that_follows_redirects_follows_none_of_ours(sandbox: Sandbox, route: str, surface: str) -> None:
    """Case 6."""

    async def main() -> None:
        follower = httpx.Client(follow_redirects=True) if surface == "blocking" else httpx.AsyncClient(follow_redirects=True)
        billing = connected(surface, route, far, http=follower)
        far.script.append(says(307, location=f"{thief.url}/v1/customers"))
        with pytest.raises(ProtocolError):
            await settled(billing.customers.create(email="ada@example.com"))
        follower.close() if isinstance(follower, httpx.Client) else await follower.aclose()

    with line(sandbox) as far, line(sandbox) as thief:
        run(main, surface)
    assert (len(far.calls), thief.accepted) == (1, 0)


@on_both_vendors
@on_every_surface
def test_a_closed_client_leaves_no_connection(sandbox: Sandbox, route: str, surface: str) -> None:
    async def story(billing: Any) -> None:
        await settled(billing.customers.create(email="ada@example.com"))
        assert far.open == {1}

    with line(sandbox) as far:
        tell(story, surface, route, far)
        far.wait(lambda: not far.open)
