"""Backends: how the suite reaches a provider, its test cards, and its clock. Holds no clause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import msgspec
from billbridge import AsyncBilling, Billing

if TYPE_CHECKING:
    from billbridge_contract.meter import Made

Client: TypeAlias = Billing | AsyncBilling
SurfaceClass: TypeAlias = type[Billing] | type[AsyncBilling]


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """The payment tokens of a test account, named by their outcome. The defaults are those of the Billbridge sandbox."""

    visa: str = "tok_visa"
    mastercard: str = "tok_mastercard"
    declined: str = "tok_chargeDeclined"
    insufficient_funds: str = "tok_chargeDeclinedInsufficientFunds"
    expired: str = "tok_expired"
    authentication_required: str = "tok_authenticationRequired"


class Backend:
    """A place where a provider runs: an in-memory fake, a simulator or a test account. Subclass it and override `connect`.

    The suite makes a new instance for each run of a clause, so the instance can hold state. Several instances can share an account,
    because clauses use unique names. A backend that does not override `advance` has no clock. Then clauses that need one do not run, and
    the report names them as unproven.
    """

    name: ClassVar[str]
    """The name of the backend in test ids and in the report, such as "acme-memory"."""
    tokens: ClassVar[Tokens | None] = Tokens()
    """The test cards. Set it to None if the account has none. Then clauses that need cards are unproven."""
    connected_account: ClassVar[str | None] = None
    """The id of an account that is connected to this one, for clauses that act for it. None leaves those clauses unproven."""
    many: ClassVar[int] = 250
    """The number of customers in the long list. Set a lower number, at least 5, if that takes too long."""
    search_lag: ClassVar[float] = 0
    """Seconds until a search finds what was written. Clauses about searches try again for this time."""

    def connect(self, surface: SurfaceClass) -> Client:
        """Return a client that is made with `surface`: `surface(AcmeProvider(...))` or `surface.connect("acme", ...)`."""
        raise NotImplementedError(f"{type(self).__name__} must override connect(surface) and return a client that is made with surface")

    def advance(self, days: int) -> None:
        """Move the vendor's clock forward. Return when everything that is due in this time is done."""
        raise NotImplementedError(f"{type(self).__name__} has no clock; override advance(days) if it has one")

    def now(self) -> datetime:
        """Return the vendor's time (aware UTC). Override it if it is not the real time."""
        return datetime.now(UTC)

    async def cleanup(self, billing: AsyncBilling, made: Sequence[Made]) -> None:
        """Clean up after a clause. `made` holds the objects that the clause created, in their order. By default it does nothing."""

    @classmethod
    def missing(cls, *, clock: bool, cards: bool, account: bool = False) -> str | None:
        """Return why a clause with these needs cannot run here, or None if it can."""
        if clock and cls.advance is Backend.advance:
            return "no clock"
        if cards and cls.tokens is None:
            return "no test cards"
        if account and cls.connected_account is None:
            return "no connected account"
        return None
