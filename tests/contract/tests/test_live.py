"""The protection of a real test account: it must be enabled, wrong keys are refused, and objects are cleaned up. Shown on the sandbox."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from billbridge.errors import NotFoundError
from billbridge_contract import Client, Made, SurfaceClass
from billbridge_contract.live import LiveBackend
from billbridge_contract.meter import Meter
from billbridge_contract.surfaces import Surface, awaited, complete, metered
from billbridge_contract.world import World, everything
from billbridge_sandbox import Sandbox


class Account(LiveBackend):
    """An account behind one variable."""

    name = "account"
    provider = "stripe"
    variables = {"api_key": "BILLBRIDGE_TEST_ONLY_KEY"}

    @classmethod
    def refused(cls, options: Mapping[str, str]) -> str | None:
        return None if options["api_key"].startswith("sk_test_") else "a live key"


def test_without_keys_there_is_no_live_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BILLBRIDGE_TEST_ONLY_KEY", raising=False)
    assert Account.available() == ()


def test_a_live_key_is_refused_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLBRIDGE_TEST_ONLY_KEY", "sk_live_x")
    with pytest.raises(ValueError, match="a live key"):
        Account.available()


def test_a_test_key_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLBRIDGE_TEST_ONLY_KEY", "sk_test_x")
    assert Account.available() == (Account,)
    assert Account().connect(metered(Surface.BLOCKING, Meter())).info().live is False
    assert Account.missing(clock=True, cards=False) == "no clock"


@pytest.mark.parametrize("provider", ["stripe", "chargebee"])
@pytest.mark.parametrize("surface", Surface)
def test_a_live_backend_takes_away_what_was_made(provider: str, surface: Surface) -> None:
    class Tidy(LiveBackend):
        name = "tidy"

        def connect(self, surface: SurfaceClass) -> Client:
            return surface.connect(provider, gateway=Sandbox())

    async def play() -> None:
        backend, meter = Tidy(), Meter()
        billing = awaited(backend.connect(metered(surface, meter)), meter)
        world = World(billing, backend, meter)
        subscription = await world.subscribed()
        gone = await world.customer()
        await billing.customers.delete(gone.id, destroy_history=True)
        coupon = await billing.coupons.create(name="Half", percent_off=50, duration="once")
        code = await billing.promotion_codes.create(coupon=coupon.id, code="SUMMER", max_redemptions=1)
        feature = await billing.product_features.create(key="sso", name="Single sign-on")
        made: tuple[Made, ...] = tuple(meter.made)
        assert {one.resource for one in made} == {"payment_methods", "subscriptions", "customers", *LiveBackend.endings} - {"meters"}
        await backend.cleanup(billing, made)
        with pytest.raises(NotFoundError):
            await billing.customers.get(subscription.customer_id)
        assert await everything(billing.products.list(active=True)) == []
        assert await everything(billing.prices.list(active=True)) == []
        assert len(await everything(billing.products.list(active=False))) == 1
        assert await everything(billing.coupons.list()) == []
        assert (await billing.product_features.get(feature.id)).active is False
        assert [(one.id, one.active) async for one in billing.promotion_codes.list()] in ([], [(code.id, False)])

    complete(surface, play())
