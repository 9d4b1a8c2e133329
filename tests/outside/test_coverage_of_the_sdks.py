"""The checks cover the installed SDKs completely: they can read every operation and class, and the derived data fits them."""

from __future__ import annotations

from law import presence
from law.chargebee import check_request as check_chargebee
from law.chargebee.objects import response_classes, word_list
from law.chargebee.operations import PREFIX
from law.chargebee.operations import operations as chargebee_operations
from law.hints import class_annotations
from law.stripe import check_request as check_stripe
from law.stripe.objects import nullable_fields, object_classes
from law.stripe.operations import operations as stripe_operations


def filled(pattern: tuple[str | None, ...]) -> str:
    return "/".join("an_id" if part is None else part for part in pattern)


def test_every_stripe_operation_is_found_and_judged() -> None:
    assert len(stripe_operations()) > 500
    for operation in stripe_operations():
        wanted = {line.partition(":")[0] for line in check_stripe(operation.method, filled(operation.pattern))}
        assert wanted <= set(operation.params.__annotations__), operation


def test_every_chargebee_operation_is_found_and_judged() -> None:
    assert len(chargebee_operations()) > 450
    for operation in chargebee_operations():
        known = set(operation.params.__annotations__) if operation.params else set()
        wanted = {line.partition(":")[0] for line in check_chargebee(operation.method, PREFIX + filled(operation.pattern))}
        assert wanted <= known, operation


def test_the_derived_data_on_stripe_fits_the_installed_sdk() -> None:
    fields = {f"{cls.__module__}.{cls.__qualname__}": set(nullable_fields(cls)) for cls in object_classes()}
    table = presence.table("stripe")
    assert {name for name, row in table.items() if not set(row["always"]) | set(row["never_null"]) <= fields.get(name, set())} == set()
    assert len(table) > 1000


def test_the_derived_data_on_chargebee_fits_the_installed_sdk() -> None:
    fields = {f"{cls.__module__}.{cls.__qualname__}": set(known) for _, cls, known in response_classes()}
    table = presence.table("chargebee")
    assert {name for name, always in table.items() if not set(always) <= fields.get(name, set())} == set()
    assert len(table) > 200


def test_the_annotations_of_every_stripe_class_resolve() -> None:
    assert sum(len(class_annotations(cls)) for cls in object_classes()) > 8000


def test_the_words_of_every_chargebee_class_are_read() -> None:
    assert sum(bool(word_list(cls, field)) for _, cls, fields in response_classes() for field in fields) > 400
