"""Two hundred creates in bad weather: whatever goes wrong, no effect is doubled and no error lies about what happened."""

from __future__ import annotations

from collections import Counter

import pytest
from billbridge.errors import BillingError, OutcomeUnknownError, ProtocolError, ProviderUnavailableError, RateLimitError
from billbridge_sandbox import Fault

from .conftest import Shop

TIMES = 200


@pytest.mark.parametrize("probability", [0.2, 0.6])
def test_in_a_storm_of_faults_every_create_takes_effect_as_its_outcome_says(here: Shop, probability: float) -> None:
    here.sandbox.faults.random(seed=20260131, probability=probability)
    outcomes: dict[str, BillingError | None] = {}
    for number in range(TIMES):
        email = f"customer-{number}@example.com"
        try:
            here.billing.customers.create(email=email)
            outcomes[email] = None
        except BillingError as error:
            outcomes[email] = error
    struck = Counter(entry.fault for entry in here.sandbox.faults.log)
    effects = Counter(here.emails())

    assert set(struck) == set(Fault)
    assert set(effects) <= set(outcomes)
    assert max(effects.values()) == 1
    returned = [email for email, error in outcomes.items() if error is None]
    assert [email for email in returned if effects[email] != 1] == []
    assert [email for email, error in outcomes.items() if isinstance(error, ProtocolError) and effects[email] != 1] == []
    kinds = {type(error) for error in outcomes.values() if error is not None}
    assert kinds <= {OutcomeUnknownError, ProtocolError, ProviderUnavailableError, RateLimitError}
    assert len(returned) > TIMES * (1 - probability) / 2


def test_what_a_storm_left_open_is_settled_by_the_same_keys(here: Shop) -> None:
    here.sandbox.faults.random(seed=7, probability=0.6)
    keys: dict[str, str] = {}
    for number in range(TIMES):
        email, key = f"customer-{number}@example.com", f"storm-{number}"
        try:
            here.billing.with_options(idempotency_key=key).customers.create(email=email)
        except BillingError:
            keys[email] = key
    here.sandbox.faults.clear()
    assert len(keys) > 20
    for email, key in keys.items():
        here.billing.with_options(idempotency_key=key).customers.create(email=email)
    assert sorted(Counter(here.emails()).values()) == [1] * TIMES
