"""The suite notices a provider that changes or loses one field of its answers, or ignores one field of a request.

The tests change Stripe and Chargebee in process, on the blocking surface, between the service and the surface. They change every field of
every struct in `CHAPTERS`, one at a time: to another value, and to its default. Only the clauses of the struct's chapters run, and only
those in which the change makes a difference; a run without changes finds these. A field that one vendor lacks is tested on the other. A
sweep ends at the first clause that notices.

`BLIND` lists the fields whose loss no clause notices. They are lost together, one struct at a time, and every clause must still be kept.
Every other field must be noticed. So the list is exact: if a clause begins to notice a field, the field must leave the list.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import product
from typing import Any

import msgspec
import pytest
from billbridge import Money, Provider, model
from billbridge.errors import ValidationError
from billbridge.plugins.provider import INTERFACES
from billbridge.services import operations
from billbridge_contract import Client, SurfaceClass
from billbridge_contract.cases import Case, judged
from billbridge_contract.registry import Clause, clauses
from billbridge_contract.sandboxes import InProcessBackend
from billbridge_contract.surfaces import Surface
from billbridge_contract.verdict import Verdict
from swept import BLIND, CHAPTERS, UNSEEN

Change = Callable[[Any], Any]

VENDORS = ("stripe", "chargebee")
KEEN: Counter[str] = Counter()
"""How often a clause noticed something: the keenest are asked first, which saves time and decides nothing."""


def provided(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields that a provider fills in; `replayed` is the client's own and overwrites what comes."""
    return tuple(field for field in kind.__struct_fields__ if field != "replayed")


def another(word: StrEnum, *, asked: bool) -> StrEnum:
    """Another word of the same vocabulary: UNKNOWN in an answer where there is one, but nobody may ask for that."""
    others = [other for other in type(word) if other is not word]
    return next((other for other in others if (other == "unknown") is not asked), others[0])


def spoil(kind: type[msgspec.Struct], field: str) -> Change:
    """Makes something else of the same kind; what is not there stays away."""
    kinds: tuple[tuple[Any, Change], ...] = (
        (bool, lambda value: not value),
        (Money, lambda value: Money(value.amount + 1, value.currency)),
        (datetime, lambda value: value + timedelta(days=400)),
        (StrEnum, lambda value: another(value, asked=issubclass(kind, model.Draft))),
        (int | Decimal, lambda value: value + 1),
        (str, lambda value: f"{value}x"),
        (msgspec.Raw, lambda value: msgspec.Raw(b"{}")),
        (dict, lambda value: {**value, "x": "x"}),
        (list, lambda value: value[:-1]),
    )
    return lambda value: next((change(value) for types, change in kinds if isinstance(value, types)), value)


def lose(kind: type[msgspec.Struct], field: str) -> Change:
    """Makes the field what it is when nobody gives it; it stays where there is no such value."""
    found = next(one for one in msgspec.structs.fields(kind) if one.name == field)
    if found.default is not msgspec.NODEFAULT:
        return lambda _: found.default
    if found.default_factory is not msgspec.NODEFAULT:
        return lambda _: found.default_factory()
    return lambda value: value


@cache
def change_of(how: str, kind: type[msgspec.Struct], field: str) -> Change:
    """The sabotage of one field."""
    return {"spoil": spoil, "lose": lose}[how](kind, field)


def structs(value: Any) -> Iterator[msgspec.Struct]:
    """Every struct in a value, however deep."""
    if isinstance(value, msgspec.Struct) and not isinstance(value, msgspec.Raw):
        yield value
        value = [getattr(value, name) for name in value.__struct_fields__]
    if isinstance(value, list | tuple):
        for item in value:
            yield from structs(item)


def sabotaged(value: Any, kind: type, changes: Mapping[str, Change]) -> Any:
    """The value with the fields changed in every struct of the kind, however deep. A draft that could not be so stays as it is."""
    if isinstance(value, list | tuple):
        return type(value)(sabotaged(item, kind, changes) for item in value)
    if not isinstance(value, msgspec.Struct) or isinstance(value, msgspec.Raw):
        return value
    inner = {name: getattr(value, name) for name in value.__struct_fields__}
    deep = {name: sabotaged(item, kind, changes) for name, item in inner.items() if isinstance(item, msgspec.Struct | list)}
    if type(value) is kind:
        deep |= {name: change(deep.get(name, inner[name])) for name, change in changes.items()}
    try:
        return msgspec.structs.replace(value, **deep) if deep else value
    except ValidationError:
        return value


def intercept(provider: Provider, asked: Change, answered: Change) -> None:
    """Puts the two between every operation of a provider and the surface."""

    def wrapped(method: Callable[..., Any]) -> Callable[..., Any]:
        def flow(*args: Any, **kwargs: Any) -> Any:
            return answered((yield from method(*asked(args), **kwargs)))

        return flow

    for interface in INTERFACES:
        service = getattr(provider, interface.resource)
        for name in operations(interface):
            if getattr(type(service), name) is not getattr(interface, name):
                setattr(service, name, wrapped(getattr(service, name)))


def verdict(vendor: str, one: Clause, asked: Change, answered: Change) -> Verdict:
    """How a vendor fares with a clause when it is intercepted so."""

    class Intercepted(InProcessBackend):
        many = 5

        def connect(self, surface: SurfaceClass) -> Client:
            client = super().connect(surface)
            intercept(client._session.provider, asked, answered)
            return client

    Intercepted.name = Intercepted.provider = vendor
    return judged(Case(Intercepted, Surface.BLOCKING, one))[1]


@cache
def holders() -> Mapping[tuple[str, type, str], set[tuple[str, str]]]:
    """The vendor and clauses in which a field holds what a sabotage would change, by sabotage, struct and field."""
    found: dict[tuple[str, type, str], set[tuple[str, str]]] = defaultdict(set)
    for vendor in VENDORS:
        for key, those in held_by(vendor).items():
            found[key] |= {(vendor, clause) for clause in those}
    return found


def held_by(vendor: str) -> Mapping[tuple[str, type, str], set[str]]:
    """The same of one vendor. Without sabotage it keeps all clauses."""
    found: dict[tuple[str, type, str], set[str]] = defaultdict(set)
    absent = set()

    def watch(clause: str, *, asked: bool) -> Change:
        def note(value: Any) -> Any:
            for struct in structs(value):
                kind = type(struct)
                if kind not in CHAPTERS or issubclass(kind, model.Draft) is not asked or not clause.startswith(looking(kind)):
                    continue
                for how, field in product(("spoil", "lose"), provided(kind)):
                    if sabotaged(struct, kind, {field: change_of(how, kind, field)}) != struct:
                        found[how, kind, field].add(clause)
            return value

        return note

    for one in clauses():
        if one.id.startswith(tuple(" ".join(CHAPTERS.values()).split())):
            fares = verdict(vendor, one, watch(one.id, asked=True), watch(one.id, asked=False))
            assert fares.kept, f"{one.id} is broken without sabotage"
            if fares is Verdict.ABSENT:
                absent.add(one.id)
    return {key: clauses - absent for key, clauses in found.items() if clauses - absent}


def looking(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The beginnings of the ids of the clauses that look at a kind."""
    return tuple(CHAPTERS[kind].split())


def noticed(how: str, kind: type[msgspec.Struct], *fields: str) -> str | None:
    """The clause that notices the sabotage of these fields, if one does."""
    changes = {field: change_of(how, kind, field) for field in fields}
    hold = set[tuple[str, str]]().union(*(holders().get((how, kind, field), ()) for field in fields))

    def change(value: Any) -> Any:
        return sabotaged(value, kind, changes)

    def leave(value: Any) -> Any:
        return value

    asked, answered = (change, leave) if issubclass(kind, model.Draft) else (leave, change)
    for one, vendor in product(sorted(clauses(), key=lambda one: -KEEN[one.id]), VENDORS):
        if (vendor, one.id) in hold and not verdict(vendor, one, asked, answered).kept:
            KEEN[one.id] += 1
            return one.id
    return None


@pytest.fixture(autouse=True)
def _only_legal_exchanges() -> None:
    """In place of the repository's own: what is asked after a sabotage need not be legal. Everywhere else the plugins are judged."""


def held(how: str, kind: type[msgspec.Struct]) -> list[str]:
    """The fields of a kind that any clause gives a value which the sabotage changes."""
    return [field for field in provided(kind) if (how, kind, field) in holders()]


@pytest.mark.parametrize("kind", CHAPTERS, ids=lambda kind: kind.__name__)
def test_a_field_with_a_wrong_value_is_noticed(kind: type[msgspec.Struct]) -> None:
    unnoticed = {f"{kind.__name__}.{field}" for field in held("spoil", kind) if noticed("spoil", kind, field) is None}
    assert unnoticed <= UNSEEN


@pytest.mark.parametrize("kind", CHAPTERS, ids=lambda kind: kind.__name__)
def test_a_field_that_gets_lost_is_noticed(kind: type[msgspec.Struct]) -> None:
    blind = {field for field in kind.__struct_fields__ if f"{kind.__name__}.{field}" in BLIND}
    assert blind <= set(held("lose", kind)), "in BLIND stands what never has a value"
    assert noticed("lose", kind, *blind) is None, "in BLIND stands what is noticed"
    assert [field for field in held("lose", kind) if field not in blind and noticed("lose", kind, field) is None] == []


def test_every_blind_field_is_a_field() -> None:
    assert {f"{kind.__name__}.{field}" for kind in CHAPTERS for field in kind.__struct_fields__} >= BLIND
