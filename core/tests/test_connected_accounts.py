"""Connected accounts: each request of such a client or view names the account, and nothing of one account is taken for another's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import anyio
import pytest
from billbridge import AsyncBilling, Billing
from billbridge.errors import (
    ConfigurationError,
    IdempotencyConflictError,
    OutcomeUnknownError,
    UnsupportedOperationError,
    ValidationError,
)
from billbridge.flow import Request, Response
from billbridge.flow.journal import Journal
from billbridge.flow.limiter import Limit, Limiter
from billbridge.plugins.gateway import Gateway, InProcess, Route
from billbridge_chargebee import ChargebeeProvider
from billbridge_maton import MatonGateway
from billbridge_sandbox import Sandbox
from billbridge_sandbox.stripe.vendor import CONNECTED
from billbridge_stripe import StripeProvider

KEY = "sk_test_connect"


class Recorder(Gateway):
    """Answers every request with a customer, and keeps the headers of each route."""

    name = "recorder"

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.seen: list[Mapping[str, str]] = []

    def in_process(self) -> InProcess:
        def answer(route: Route, request: Request) -> Response:
            self.seen.append(route.headers)
            return Response(status=self.answers.pop(0) if self.answers else 200, body=b'{"id":"cus_1","object":"customer"}')

        return answer

    @property
    def accounts(self) -> list[str | None]:
        return [headers.get("Stripe-Account") for headers in self.seen]


def test_a_client_acts_for_the_account_that_it_was_made_for() -> None:
    recorder = Recorder()
    Billing(StripeProvider(api_key=KEY, connected_account="acct_1"), gateway=recorder).customers.get("cus_1")
    Billing.connect("stripe", api_key=KEY, connected_account="acct_2", gateway=recorder).customers.get("cus_1")
    Billing(StripeProvider(api_key=KEY), gateway=recorder).customers.get("cus_1")
    assert recorder.accounts == ["acct_1", "acct_2", None]


def test_the_environment_names_the_account_too() -> None:
    variables = {
        "BILLBRIDGE_PROVIDER": "stripe",
        "BILLBRIDGE_STRIPE_API_KEY": KEY,
        "BILLBRIDGE_STRIPE_CONNECTED_ACCOUNT": "acct_3",
    }
    assert Billing.from_env(variables)._session.route.headers["Stripe-Account"] == "acct_3"


def test_a_view_acts_for_another_account_and_leaves_its_client_alone() -> None:
    recorder = Recorder()
    billing = Billing(StripeProvider(api_key=KEY, connected_account="acct_1"), gateway=recorder)
    view = billing.with_options(connected_account="acct_2")
    for each in (view, view.with_options(retries=0), billing, view.with_options(connected_account=None)):
        each.customers.get("cus_1")
    assert recorder.accounts == ["acct_2", "acct_2", "acct_1", None]


def test_the_awaited_client_does_the_same() -> None:
    async def main() -> list[str | None]:
        recorder = Recorder()
        view = AsyncBilling(StripeProvider(api_key=KEY), gateway=recorder).with_options(connected_account="acct_2")
        await view.customers.get("cus_1")
        return recorder.accounts

    assert anyio.run(main) == ["acct_2"]


def test_a_view_is_closed_with_its_client() -> None:
    billing = Billing(StripeProvider(api_key=KEY), gateway=Recorder())
    view = billing.with_options(connected_account="acct_2")
    billing.close()
    with pytest.raises(ConfigurationError, match="closed"):
        view.customers.get("cus_1")


@pytest.mark.parametrize("wrong", ["", "1", "acct_", "acct_1 ", "acct_1\r\nX: y", "cus_1", 7])
def test_what_is_no_account_is_refused_before_anything_is_sent(wrong: str) -> None:
    recorder = Recorder()
    billing = Billing(StripeProvider(api_key=KEY), gateway=recorder)
    with pytest.raises(ValidationError, match="connected_account is not the id") as caught:
        billing.with_options(connected_account=wrong)
    assert caught.value.param == "connected_account"
    if wrong:
        with pytest.raises(ConfigurationError, match="connected_account"):
            StripeProvider(api_key=KEY, connected_account=wrong)
    assert recorder.seen == []


def test_chargebee_and_maton_have_no_connected_accounts_and_say_what_to_do() -> None:
    chargebee = Billing(ChargebeeProvider(site="acme-test", api_key="test_x"))
    assert not chargebee.supports("accounts.connected")
    with pytest.raises(UnsupportedOperationError, match="make one client for each site") as caught:
        chargebee.with_options(connected_account="acct_1")
    assert caught.value.capability == "accounts.connected"
    maton = MatonGateway(api_key="m", connection="c1")
    with pytest.raises(UnsupportedOperationError, match="gateway maton"):
        Billing(StripeProvider(connected_account="acct_1"), gateway=maton)


def test_the_accounts_of_one_platform_have_limits_of_their_own_unless_you_pass_a_limiter() -> None:
    billing = Billing(StripeProvider(api_key=KEY))
    first, second = (billing.with_options(connected_account=account)._session.limiter for account in ("acct_1", "acct_2"))
    assert billing.with_options(connected_account="acct_1")._session.limiter is first
    assert len({id(each) for each in (billing._session.limiter, first, second)}) == 3
    mine = Limiter(Limit(1, 60))
    assert Billing(StripeProvider(api_key=KEY), limiter=mine).with_options(connected_account="acct_1")._session.limiter is mine


def test_a_lost_write_is_resolved_at_its_own_account_only() -> None:
    recorder = Recorder(500)
    billing = Billing(StripeProvider(api_key=KEY), gateway=recorder)
    view = billing.with_options(connected_account="acct_1", retries=0)
    with pytest.raises(OutcomeUnknownError) as lost:
        view.customers.create(email="ada@example.com")
    for other in (billing, billing.with_options(connected_account="acct_2")):
        with pytest.raises(IdempotencyConflictError, match="another account"):
            other.resolve(lost.value)
    assert view.resolve(lost.value).id == "cus_1"
    assert recorder.accounts == ["acct_1", "acct_1"]


def test_the_journal_tells_the_accounts_apart(tmp_path: Path) -> None:
    recorder = Recorder(500, 500)
    billing = Billing(StripeProvider(api_key=KEY), gateway=recorder, journal=Journal(tmp_path / "journal"))
    views = [billing.with_options(connected_account=account, retries=0) for account in ("acct_1", "acct_2")]
    for view in views:
        with pytest.raises(OutcomeUnknownError):
            view.customers.create(email="ada@example.com")
    first, second = billing._session.journal.pending()  # type: ignore[union-attr]  # it was passed above
    assert first.account != second.account
    with pytest.raises(IdempotencyConflictError, match="another account"):
        views[1].resolve(first)
    assert views[0].resolve(first).id == "cus_1"
    assert recorder.accounts == ["acct_1", "acct_2", "acct_1"]


def test_the_sandbox_finds_the_account_of_a_hosted_page() -> None:
    sandbox = Sandbox()
    view = Billing.connect("stripe", gateway=sandbox).with_options(connected_account=CONNECTED)
    customer = view.customers.create(email="ada@example.com")
    assert view.raw.get(f"/v1/customers/{customer.id}")["id"] == customer.id
