"""Every public callable with wrong values raises only a `BillingError`, or `TypeError` for a wrong signature.

The exports of the packages name the callables, so a new one is tested without a change here.
"""

from __future__ import annotations

import asyncio
import inspect
import operator
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
from billbridge import AsyncBilling, Billing, Capabilities, Gateway, Journal, Money, Provider
from billbridge.errors import OutcomeUnknownError
from billbridge.plugins.provider import INTERFACES
from billbridge.services import operations as service_operations
from billbridge_maton import AsyncConnections, Connections
from billbridge_sandbox import Faults, Sandbox, Simulation
from billbridge_stripe import StripeProvider

from .fuzz import Findings, finish, fuzz
from .public import OPERATORS, Target, exported, methods, operations, target, value_of

NOT_CALLED_BY_USERS: Final[dict[str, str]] = {
    "Capabilities": "a provider makes it",
    "Capabilities.narrowed": "a gateway calls it",
    "Capabilities.refusal": "the client and providers call it",
    "Capabilities.require": "the client calls it",
    "Draft.check": "its own constructor calls it",
    "Faults.due": "the simulation calls it",
    "Journal.begin": "the client calls it",
    "Journal.end": "the client calls it",
    "Limiter.hold": "the client calls it",
    "NewPrice.check_whole": "a provider calls it",
    "Sandbox.handle": "the server calls it, with a request of HTTP",
    "Sandbox(vendors)": "a third party passes classes of its own",
    "Sandbox(proxies)": "a third party passes classes of its own",
    "Simulation(vendors)": "a third party passes classes of its own",
    "Simulation(proxies)": "a third party passes classes of its own",
    "Simulation.handle": "the server calls it, with a request of HTTP",
}
"""Public names that only this project's own code calls, with values that it made."""
SEAMS: Final = (Provider, Gateway)
"""Plugins implement the methods of these, and the client calls them."""


@pytest.fixture(autouse=True)
def _files_go_to_a_folder_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`Journal("x")` makes a file."""
    monkeypatch.chdir(tmp_path)


PYTHONS_OWN: Final = (Enum, BaseException)
"""Python says what these do with a wrong value: `Interval("x")`, `BillingError(3)`."""
ALLOWED: Final[dict[str, tuple[type[Exception], ...]]] = {
    "billbridge_sandbox": (ValueError, LookupError, OSError),  # the simulation does not know Billbridge; its docstrings name these
}


class Counting(Sandbox):
    """A sandbox that counts the requests."""

    requests = 0

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Any:
        self.requests += 1
        return super().handle(method, target, headers, body)


CLIENTS: Final = [(vendor, kind) for vendor in ("stripe", "chargebee") for kind in (Billing, AsyncBilling)]
on_every_client = pytest.mark.parametrize(("vendor", "kind"), CLIENTS, ids=lambda each: getattr(each, "__name__", each))


def _objects(vendor: str, sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    """Arguments that name objects which exist, by operation or by resource."""
    billing = Billing.connect(vendor, gateway=sandbox)
    customer = billing.customers.create(email="ada@example.com")
    product = billing.products.create(name="Pro")
    price = billing.prices.create(product=product.id, amount=Money(10, "USD"), every="month")
    coupon = billing.coupons.create(name="Ten", percent_off=10, duration="once")
    return {
        "customers": {"id": customer.id},
        "products": {"id": product.id},
        "prices": {"id": price.id},
        "coupons": {"id": coupon.id},
        "prices.create": {"product": product.id, "amount": Money(10, "USD"), "every": "month"},
        "coupons.create": {"name": "Ten", "percent_off": 10, "duration": "once"},
        "promotion_codes.create": {"coupon": coupon.id},
        "payment_methods.attach": {"customer": customer.id, "token": "tok_visa"},
        "payment_methods.setup": {"customer": customer.id, "return_url": "https://example.com"},
        "subscriptions.create": {"customer": customer.id, "items": [{"price": price.id}]},
        "raw": {"path": "/v1/customers" if vendor == "stripe" else "/api/v2/customers"},
    }


@on_every_client
def test_operations_raise_only_errors_of_the_tree(vendor: str, kind: Any, request: pytest.FixtureRequest) -> None:
    sandbox, findings = Counting(), Findings()
    objects = _objects(vendor, sandbox)
    client = kind.connect(vendor, gateway=sandbox)

    async def main() -> None:
        for name, call in operations(client):
            taken = inspect.signature(call).parameters
            known = {**objects.get(name.partition(".")[0], {}), **objects.get(name, {})}
            called = target(name, call, {each: value for each, value in known.items() if each in taken})
            await fuzz(called, findings, sent=lambda: sandbox.requests)

    asyncio.run(main())
    request.getfixturevalue("_only_legal_exchanges").clear()  # a text such as "x" for a type of tax number is for the vendor to refuse
    findings.check()


@on_every_client
def test_a_wrong_signature_of_an_operation_is_a_type_error_that_names_it(vendor: str, kind: Any) -> None:
    client = kind.connect(vendor, gateway=Sandbox())

    async def main() -> None:
        for name, call in operations(client):
            right = {"return_url": "https://example.com"} if name == "payment_methods.setup" else {}
            called = target(name, call, right)
            for args, kwargs in _wrong_calls(called) if client.supports(name) else ():
                with pytest.raises(TypeError, match=f"{name}\\(\\)"):
                    await finish(call(*args, **kwargs))

    asyncio.run(main())


@pytest.mark.parametrize("kind", [Connections, AsyncConnections])
def test_operations_on_connections_raise_only_errors_of_the_tree(kind: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billbridge_maton.clients.LIMITS", ())  # Maton takes ten requests a second
    findings = Findings()

    async def main() -> None:
        with sandbox.serve() as server:
            client = kind(api_key="maton_x", base_url=server.maton_url)
            for name, call in operations(client):
                await fuzz(target(name, call), findings)
            await finish(client)

    asyncio.run(main())
    findings.check()


def _wrong_calls(called: Target) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """Calls with a name that there is not, too many arguments, and each needed argument missing."""
    args, kwargs = called.arranged(called.right)
    yield args, {**kwargs, "no_such_argument": 1}
    yield [*args, *range(10)], kwargs
    for name in [each.name for each in called.parameters if each.default is each.empty]:
        yield called.arranged({each: value for each, value in called.right.items() if each != name})


EXPORTED: Final = exported()


def _constructors() -> list[str]:
    return [name for name, value in EXPORTED.items() if not (isinstance(value, type) and issubclass(value, PYTHONS_OWN))]


Right: TypeAlias = Callable[[Path], dict[str, Any]]
RIGHT: Final[dict[str, Right]] = {
    "billbridge.AsyncBilling": lambda folder: {"provider": StripeProvider(), "gateway": Sandbox()},
    "billbridge.Billing": lambda folder: {"provider": StripeProvider(), "gateway": Sandbox()},
    "billbridge.Journal": lambda folder: {"path": folder / "journal"},
    "billbridge_chargebee.webhooks.verify": lambda folder: {"headers": {"authorization": "Basic eDp5"}, "credentials": [("x", "y")]},
    "billbridge_stripe.webhooks.verify": lambda folder: {"secrets": "whsec_x", "headers": {"stripe-signature": "t=1,v1=ab"}},
    "connect": lambda folder: {"provider": "stripe", "gateway": Sandbox()},
    "resolve": lambda folder: {"error": OutcomeUnknownError("unknown")},
    "billbridge_maton.AsyncConnections": lambda folder: {"api_key": "maton_x"},
    "billbridge_maton.Connections": lambda folder: {"api_key": "maton_x"},
    "billbridge_maton.MatonGateway": lambda folder: {"api_key": "maton_x"},
}
"""Right arguments of functions and constructors, where the types of their parameters do not say them."""


def _right(name: str, folder: Path) -> dict[str, Any]:
    return RIGHT[name](folder) if name in RIGHT else {}


PYTHONS_ERRORS: Final = (TypeError, ValueError)
"""What an operator raises for an operand that it does not take, and `format` for a wrong format, of a `Decimal` too."""
INSTANCES: Final[dict[type, Callable[[Path], Any]]] = {
    AsyncBilling: lambda folder: AsyncBilling.connect("stripe", gateway=Sandbox()),
    Billing: lambda folder: Billing.connect("stripe", gateway=Sandbox()),
    Capabilities: lambda folder: Billing.connect("stripe", gateway=Sandbox()).capabilities,
    Faults: lambda folder: Faults(),
    Journal: lambda folder: Journal(folder / "journal"),
    Sandbox: lambda folder: Sandbox(),
    Simulation: lambda folder: Simulation(),
}
"""Objects whose methods are called. A struct is made from the types of its fields."""


@pytest.mark.parametrize("name", [name for name in _constructors() if name.rpartition(".")[2] not in NOT_CALLED_BY_USERS])
def test_functions_and_constructors_raise_only_errors_of_the_tree(name: str, tmp_path: Path) -> None:
    called, findings = target(name, EXPORTED[name], _right(name, tmp_path)), Findings()
    if called.parameters:
        asyncio.run(fuzz(called, findings, ALLOWED.get(name.partition(".")[0], ()), without=NOT_CALLED_BY_USERS))
        findings.check()


def _methods() -> list[tuple[str, str]]:
    """The class and the name of every method that users call."""
    found = [(name, method) for name in _constructors() if isinstance(EXPORTED[name], type) for method in methods(EXPORTED[name])]
    seams = {method for seam in SEAMS for method in methods(seam)}
    return [
        (name, method)
        for name, method in found
        if f"{name.rpartition('.')[2]}.{method}" not in NOT_CALLED_BY_USERS and not (issubclass(EXPORTED[name], SEAMS) and method in seams)
    ]


def _operator(made: Any, method: str) -> Callable[..., Any]:
    """What Python calls the method for, such as `made + value`."""
    name = method.strip("_")
    reflected = name.startswith("r")
    function = format if name == "format" else getattr(operator, name.removeprefix("r"))

    def apply(other: Any = 0) -> Any:
        return function(other, made) if reflected else function(made, other)

    return apply


@pytest.mark.parametrize(("name", "method"), _methods())
def test_methods_raise_only_errors_of_the_tree(name: str, method: str, tmp_path: Path) -> None:
    kind, findings = EXPORTED[name], Findings()
    made = INSTANCES[kind](tmp_path) if kind in INSTANCES else value_of(kind)
    call = _operator(made, method) if method in OPERATORS else getattr(made, method)
    called = target(f"{name}.{method}", call, _right(method, tmp_path))
    also = ALLOWED.get(name.partition(".")[0], ())
    asyncio.run(fuzz(called, findings, (*also, *PYTHONS_ERRORS) if method in OPERATORS else also))
    findings.check()
    asyncio.run(finish(made))


def test_what_is_left_out_is_there() -> None:
    """A name that is gone, or that is called by users now, may not stay on the list."""
    names = {name.rpartition(".")[2]: value for name, value in EXPORTED.items()}
    for name in NOT_CALLED_BY_USERS:
        owner, _, method = name.partition("(")[0].partition(".")
        assert hasattr(names[owner], method) if method else owner in names


def test_a_fault_in_a_callable_is_found() -> None:
    def length_of(name: str) -> int:
        return len(name)

    findings = Findings()
    asyncio.run(fuzz(target("length_of", length_of), findings))
    assert "length_of(name=None): TypeError: object of type 'NoneType' has no len()" in findings.lines


@on_every_client
def test_every_operation_is_called(vendor: str, kind: Any) -> None:
    client = kind.connect(vendor, gateway=Sandbox())
    declared = {f"{interface.resource}.{name}" for interface in INTERFACES for name in service_operations(interface)}
    assert {name for name, _ in operations(client)} == declared
