from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from billbridge import AsyncBilling, Billing, Customer, Item, Page
from billbridge.errors import ProtocolError, UnsupportedOperationError, ValidationError
from billbridge.flow import Request, Response
from billbridge.flow.retry import exchange
from billbridge.model import NewCustomer
from billbridge.plugins.provider import INTERFACES, Provider
from billbridge.services import operations
from billbridge.toolkit.argument_names import ArgumentNames


class Plain:
    """The plainest dialect."""

    provider = "toy"
    key_header = "Toy-Key"
    key_limit = 40
    arguments = ArgumentNames({})

    def failure(self, request: Request, response: Response) -> Any:
        return ValidationError("wrong", status=response.status)


DIALECT = Plain()


def page(*ids: str, more: str | None = None) -> Response:
    return Response(status=200, headers={"next": more} if more else {}, body=" ".join(ids).encode())


def on_both(toy: Provider, make_script: Any, *answers: Any, use: Callable[[Any], Any], gather: bool = False) -> tuple[Any, Any]:
    """Runs `use(billing)` on both surfaces with the same answers, and returns (result, requests), which must agree."""
    results = []
    blocking_script, async_script = make_script(*answers), make_script(*answers)
    blocking = use(Billing(toy, gateway=blocking_script))
    results.append((list(blocking) if gather else blocking, blocking_script.sent))

    async def main() -> Any:
        made = use(AsyncBilling(toy, gateway=async_script))
        return [item async for item in made] if gather else await made

    results.append((asyncio.run(main()), async_script.sent))
    assert [(str(r), [(q.method, q.path, q.query) for q in sent]) for r, sent in results[:1]] == [
        (str(r), [(q.method, q.path, q.query) for q in sent]) for r, sent in results[1:]
    ]
    return results[0]


def test_both_surfaces_do_the_same(toy: Provider, make_script: Any) -> None:
    made, sent = on_both(toy, make_script, use=lambda billing: billing.customers.create(email="a@b.c"))
    assert isinstance(made, Customer)
    assert [request.path for request in sent] == ["/customers"]


def test_a_list_walks_every_page_on_both_surfaces(toy: Provider, make_script: Any) -> None:
    """Case 20."""
    answers = (page("a", "b", more="2"), page("c", more="3"), page())
    found, sent = on_both(toy, make_script, *answers, use=lambda billing: billing.customers.list(email="x"), gather=True)
    assert [customer.id for customer in found] == ["a", "b", "c"]
    assert [request.query for request in sent] == ["after=", "after=2", "after=3"]


def test_a_list_goes_on_after_an_empty_page_with_a_cursor(toy: Provider, make_script: Any) -> None:
    """Case 20."""
    answers = (page(more="x"), page(more="y"), page("a"))
    found, sent = on_both(toy, make_script, *answers, use=lambda billing: billing.customers.list(), gather=True)
    assert [customer.id for customer in found] == ["a"]
    assert len(sent) == 3


def test_a_repeated_cursor_is_an_error_not_an_endless_list(toy: Provider, make_script: Any) -> None:
    """Case 20."""
    billing = Billing(toy, gateway=make_script(page("a", more="x"), page("b", more="x")))
    with pytest.raises(ProtocolError, match="same cursor of a list twice"):
        list(billing.customers.list())


def test_nothing_is_fetched_before_it_is_needed(toy: Provider, make_script: Any) -> None:
    script = make_script(page("a", more="2"), page("b"))
    customers = iter(Billing(toy, gateway=script).customers.list())
    assert script.sent == []
    next(customers)
    assert len(script.sent) == 1


def test_a_list_resumes_from_a_cursor(toy: Provider, make_script: Any) -> None:
    script = make_script(page("a", more="2"), page("b"))
    billing = Billing(toy, gateway=script)
    first = next(iter(billing.customers.list(email="x").pages()))
    assert isinstance(first, Page)
    assert first.next_cursor
    assert first.next_cursor != "2"
    assert [customer.id for customer in billing.customers.list(email="x", cursor=first.next_cursor, page_size=5)] == ["b"]
    assert script.sent[-1].query == "after=2"


def test_a_cursor_of_other_filters_or_another_provider_is_refused(toy: Provider, make_script: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Case 21."""
    script = make_script(page("a", more="2"))
    billing = Billing(toy, gateway=script)
    cursor = next(iter(billing.customers.list(email="x").pages())).next_cursor
    with pytest.raises(ValidationError, match="a list with other filters"):
        billing.customers.list(email="y", cursor=cursor)
    monkeypatch.setattr(type(toy), "name", "other")
    with pytest.raises(ValidationError, match=r"belongs to customers\.list of toy"):
        billing.customers.list(email="x", cursor=cursor)
    for nonsense in ("abc", "####", "é", cursor[:-3] if cursor else "x"):
        with pytest.raises(ValidationError, match="not a cursor"):
            billing.customers.list(cursor=nonsense)
    assert len(script.sent) == 1


@pytest.mark.parametrize(
    ("use", "kind", "says"),
    [
        (lambda b: b.customers.create(emial="x"), TypeError, "did you mean 'email'"),
        (lambda b: b.customers.create("x"), TypeError, "takes 0 positional"),
        (lambda b: b.customers.get(), TypeError, "missing a required argument: 'id'"),
        (lambda b: b.customers.get("a", "b"), TypeError, "takes 1 positional"),
        (lambda b: b.customers.get(idd="a"), TypeError, "did you mean 'id'"),
        (lambda b: b.customers.update(name="x"), TypeError, "missing a required argument: 'id'"),
        (lambda b: b.subscriptions.create(customer="c"), TypeError, "missing a required argument: 'items'"),
        (lambda b: b.customers.list(emial="x"), TypeError, "did you mean 'email'"),
        (lambda b: b.customers.get(""), ValidationError, "id is empty"),
        (lambda b: b.customers.get(id=""), ValidationError, "id is empty"),
        (lambda b: b.customers.update("", name="x"), ValidationError, "id is empty"),
        (lambda b: b.customers.get(None), ValidationError, "id must be a string"),
        (lambda b: b.customers.list(page_size=1000), ValidationError, "page_size"),
        (lambda b: b.customers.delete("a", destroy_history="no"), ValidationError, "destroy_history must be True or False, not str"),
        (lambda b: b.raw.get("/v1/a", params=[]), ValidationError, "params must be a dict or None, not list"),
        (lambda b: b.supports(["customers.get"]), ValidationError, "a capability is named by a text, not by list"),
        (
            lambda b: b.invoices.get("i"),
            UnsupportedOperationError,
            r"toy \(gateway script\) does not support invoices\.get .*vendor's page",
        ),
        (lambda b: b.customers.create(id="me"), UnsupportedOperationError, r"customers\.create\.id .*keep your own id"),
        (
            lambda b: b.subscriptions.create(customer="c", items=[Item(price="p")], payment_behavior="allow_incomplete"),
            UnsupportedOperationError,
            r"subscriptions\.create\.allow_incomplete",
        ),
    ],
)
def test_a_wrong_call_is_refused_on_both_surfaces_before_anything_is_sent(
    toy: Provider, make_script: Any, use: Any, kind: type[Exception], says: str
) -> None:
    script = make_script()
    with pytest.raises(kind, match=says):
        use(Billing(toy, gateway=script))

    async def main() -> None:
        answer = use(AsyncBilling(toy, gateway=script))
        await answer

    with pytest.raises(kind, match=says):
        asyncio.run(main())
    assert script.sent == []


def test_declared_features_reach_the_provider(toy: Provider, make_script: Any) -> None:
    script = make_script()
    made = Billing(toy, gateway=script).subscriptions.create(customer="c", items=[Item(price="p"), Item(price="q")], trial_days=3)
    assert made.id == "s1"
    assert len(script.sent) == 1


def test_help_shows_the_real_arguments_and_the_promise(toy: Provider, make_script: Any) -> None:
    for client in (Billing(toy, gateway=make_script()), AsyncBilling(toy, gateway=make_script())):
        create: Any = client.customers.create
        assert list(inspect.signature(create).parameters) == list(NewCustomer.__struct_fields__)
        assert "Raises `DuplicateError`" in inspect.getdoc(create)  # type: ignore[operator]
        assert create.__name__ == "create"
        assert list(inspect.signature(client.customers.update).parameters)[:2] == ["id", "email"]
        assert "Pager[" in str(inspect.signature(client.customers.list).return_annotation)
    assert inspect.iscoroutinefunction(AsyncBilling(toy, gateway=make_script()).customers.create)


def test_every_operation_of_every_service_is_on_the_surface_and_documented(toy: Provider, make_script: Any) -> None:
    billing = Billing(toy, gateway=make_script())
    for interface in INTERFACES:
        resource = getattr(billing, interface.resource)
        for name in operations(interface):
            assert inspect.getdoc(getattr(resource, name)), f"{interface.resource}.{name}"
            assert callable(getattr(resource, name))


def test_a_steps_key_is_derived_and_the_callers_key_is_used(toy: Provider, make_script: Any) -> None:
    script = make_script()
    billing = Billing(toy, gateway=script).with_options(idempotency_key="mine")
    billing.customers.update("c1", name="x")
    assert [request.headers["Toy-Key"] for request in script.sent] == ["mine:customers.update", "mine:customers.update:address"]


def test_a_new_call_has_a_new_key(toy: Provider, make_script: Any) -> None:
    """Case 7."""
    script = make_script()
    billing = Billing(toy, gateway=script)
    billing.customers.create(email="a@example.com")
    billing.customers.create(email="a@example.com")
    keys = [request.headers["Toy-Key"] for request in script.sent]
    assert len(set(keys)) == 2
    assert all(len(key) == 32 + len(":customers.create") for key in keys)  # 128 random bits


def test_an_absent_operation_is_refused_before_its_arguments_are_looked_at(toy: Provider, make_script: Any) -> None:
    with pytest.raises(UnsupportedOperationError):
        Billing(toy, gateway=make_script()).products.list(page_size=1000)


def test_an_error_raised_inside_a_flow_says_which_operation_it_was(toy: Provider, make_script: Any) -> None:
    script = make_script(ValidationError("odd"))
    with pytest.raises(ValidationError) as caught:
        Billing(toy, gateway=script).customers.get("c1")
    assert (caught.value.operation, caught.value.provider) == ("customers.get", "toy")


def test_an_answer_to_a_write_that_cannot_be_read_keeps_the_key(toy: Provider, make_script: Any) -> None:
    billing = Billing(toy, gateway=make_script()).with_options(idempotency_key="mine")

    def unreadable(new: object) -> Any:
        yield from exchange(Request(method="POST", path="/customers"), DIALECT)
        raise ProtocolError("cut short")

    toy.customers.create = unreadable  # type: ignore[method-assign]  # a provider that cannot read the answer
    with pytest.raises(ProtocolError) as caught:
        billing.customers.create(email="a@example.com")
    assert caught.value.idempotency_key == "mine"
    with pytest.raises(ValidationError) as refused:
        billing.customers.get("")
    assert refused.value.idempotency_key is None
