"""The base classes of the model: `Entity` for answers, `Draft` for requests, `Query` for the filters of lists, `Page` for their pages.

Does not know any resource. No repr shows personal data: an entity shows its id and status, a draft shows which fields are set.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Self, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from billbridge.errors import ValidationError
from billbridge.model.checks import check_integer, check_text, checked_field, left_out, plain_types
from billbridge.model.hints import keyword_hint
from billbridge.model.raw import RawJson
from billbridge.toolkit.ids import checked_id
from billbridge.toolkit.pydantic import LazySerializer, entity_schema, json_schema
from billbridge.toolkit.redact import Redacted

__all__ = ["MAX_PAGE", "UNSET", "Chronological", "Draft", "Entity", "Order", "OrderName", "Page", "Query", "UnsetType", "Word", "check_ids"]

MAX_PAGE = 100
T = TypeVar("T")
_NO_JSON = RawJson()


class Word(StrEnum):
    """An enum of words. A word that Billbridge does not know reads as `UNKNOWN`; the object keeps the vendor's own word."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls.__members__.get("UNKNOWN")


class Entity(Redacted, frozen=True, kw_only=True, gc=False):
    """Something that a vendor answered. Times are aware UTC datetimes.

    - `provider` names the vendor, and `id` is the vendor's id.
    - `raw` is the vendor's undecoded JSON of exactly this object. No ordinary encoder shows it: `raw_json()` decodes it.
    - `replayed` is true if a write was answered from the vendor's memory of an earlier write with the same idempotency key. Nothing
      happened this time.

    Two entities are equal if all their fields are equal. The hash is that of provider and id, so entities fit into sets and dicts. The
    repr shows no personal data. An entity holds no cycle, so the garbage collector does not look at the thousands that a list gives.
    """

    provider: str
    id: str
    raw: RawJson = _NO_JSON
    replayed: bool = False

    shown: ClassVar[tuple[str, ...]] = ()

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={_brief(getattr(self, name))}" for name in ("id", *self.shown, "provider"))
        return f"{type(self).__name__}({fields})"

    def __hash__(self) -> int:
        return hash((type(self), self.provider, self.id))

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """The items of `to_dict()`, so that `dict(entity)` works, and FastAPI can return an entity."""
        return iter(self.to_dict().items())

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain data for JSON, without `raw`.

        Money is `{"amount": "19.00", "currency": "USD"}`, a time is ISO 8601 text in UTC, an enum is its value, a decimal is text.
        """
        data: dict[str, Any] = msgspec.to_builtins(self)
        del data["raw"]
        return data

    def raw_json(self) -> Any:
        """Return the vendor's own JSON of this object, with the fields that Billbridge does not know. Fractions are `Decimal`."""
        return self.raw.decode()

    __pydantic_serializer__: ClassVar = LazySerializer()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Let Pydantic and FastAPI take an entity and write it as `to_dict()` does."""
        return entity_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        """Describe the object that `to_dict()` gives, for OpenAPI."""
        return json_schema(cls, leave_out=("raw",))


if TYPE_CHECKING:
    _DraftMeta = msgspec.StructMeta
else:

    class _DraftMeta(msgspec.StructMeta):
        """Explains a wrong call of a draft: msgspec says neither the class nor its arguments."""

        def __call__(cls, *args: object, **kwargs: object) -> object:
            try:
                return super().__call__(*args, **kwargs)
            except TypeError:
                if args or not kwargs.keys() <= set(cls.__struct_fields__):
                    raise TypeError(keyword_hint(cls, kwargs)) from None
                raise


class Draft(Redacted, metaclass=_DraftMeta, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The arguments of an operation. They are checked when the draft is made, so bad input never reaches a provider.

    A wrong field raises `ValidationError` with the field's name as `param`: a wrong type, an empty id, a naive datetime, an unknown word.
    `UNSET` is the same as a field that you leave out.
    """

    id_fields: ClassVar[frozenset[str]] = frozenset()
    """The fields that hold the id of an object."""

    def __post_init__(self) -> None:
        for (name, default, plain), value in zip(plain_types(type(self)), msgspec.structs.astuple(self), strict=True):
            if value is default:
                continue
            if type(value) in plain:
                if type(value) is str:
                    check_text(value, name)
                elif type(value) is int:
                    check_integer(value, name)
                continue
            checked = left_out(name, default) if value is UNSET else checked_field(type(self), name, value)
            if checked is not value:
                msgspec.structs.force_setattr(self, name, checked)
        self.check()

    def check(self) -> None:
        """Check the rules between fields. Override this in a draft that has some; raise `ValidationError`."""

    def __repr__(self) -> str:
        given = [name for name in self.__struct_fields__ if getattr(self, name) not in (UNSET, None)]
        return f"{type(self).__name__}({', '.join(f'{name}=…' for name in given)})"


class Query(Draft, frozen=True, kw_only=True):
    """The filters of a list. `page_size` (1 to 100) is how many objects one request fetches; `cursor` resumes after a page."""

    page_size: int = MAX_PAGE
    cursor: str | None = None

    def check(self) -> None:
        if not 1 <= self.page_size <= MAX_PAGE:
            raise ValidationError(f"page_size must be 1 to {MAX_PAGE}, not {self.page_size}", param="page_size")

    def matches_nothing(self) -> bool:
        """Return whether a filter is an empty list of values. Such a list is empty, and no request is sent for it."""
        return any(getattr(self, name) == [] for name in self.__struct_fields__)


class Order(Word):
    """The order of a list by time of creation."""

    NEWEST_FIRST = "newest_first"
    OLDEST_FIRST = "oldest_first"


OrderName: TypeAlias = Order | Literal["newest_first", "oldest_first"]


class Chronological(Query, frozen=True, kw_only=True):
    """A list by time of creation: the newest first, unless `order` says otherwise; `created_gte` <= created < `created_lt` (whole seconds).

    Stripe lists only the newest first: for the oldest first its whole list is walked once, to find its end, before the first page comes.
    """

    created_gte: datetime | None = None
    created_lt: datetime | None = None
    order: OrderName = Order.NEWEST_FIRST

    def check(self) -> None:
        super().check()
        if self.created_gte is not None and self.created_lt is not None and self.created_gte >= self.created_lt:
            raise ValidationError("created_gte must be before created_lt: nothing could match", param="created_lt")


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One page of a list. `next_cursor` is None on the last page; else pass it as `cursor=` to go on, with the same filters."""

    items: list[T]
    next_cursor: str | None = None


def check_ids(ids: list[str] | None, name: str, *, most: int = MAX_PAGE) -> None:
    """Raises `ValidationError` for more than so many ids, or for something that can be none."""
    if ids is None:
        return
    if len(ids) > most:
        raise ValidationError(f"{name} holds more than {most}", param=name, hint="ask for them in several calls")
    for id in ids:
        checked_id(id, name)


def _brief(value: object) -> str:
    return repr(str(value)) if isinstance(value, StrEnum) or not isinstance(value, bool | int | None) else repr(value)
