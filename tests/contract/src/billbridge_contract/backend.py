"""What an author tells the suite of a provider: how to reach one, its test cards, and how its clock moves. Holds no clause."""

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
    """Payment tokens of a test account, by what becomes of them. The defaults are those of the Billbridge sandbox."""

    visa: str = "tok_visa"
    mastercard: str = "tok_mastercard"
    declined: str = "tok_chargeDeclined"
    insufficient_funds: str = "tok_chargeDeclinedInsufficientFunds"
    expired: str = "tok_expired"
    authentication_required: str = "tok_authenticationRequired"


class Backend:
    """One place where a provider runs: an in-memory fake, a simulator, a test account. Subclass it.

    The suite makes a new instance for every run of a clause, so state may live on it; several instances may share an account,
    because clauses use names of their own. A backend that does not override `advance` has no clock: clauses that need one are then
    not run, and the report names them as unproven.
    """

    name: ClassVar[str]
    """Names it in test ids and in the report, such as "acme-memory"."""
    tokens: ClassVar[Tokens | None] = Tokens()
    """Test cards; None where the account has none: clauses that need cards are then unproven."""
    many: ClassVar[int] = 250
    """How many customers the long list holds. Lower it, not under 5, where that takes too long."""
    search_lag: ClassVar[float] = 0
    """For how many seconds a search may not yet know what was written. Clauses about searches try again so long."""

    def connect(self, surface: SurfaceClass) -> Client:
        """A client made with `surface`: `surface(AcmeProvider(...))` or `surface.connect("acme", ...)`."""
        raise NotImplementedError(f"{type(self).__name__} must say how to connect")

    def advance(self, days: int) -> None:
        """Moves the vendor's clock, and returns when everything that falls due in between is done."""
        raise NotImplementedError(f"{type(self).__name__} has no clock")

    def now(self) -> datetime:
        """The vendor's time (aware UTC). Override it where that is not the real time."""
        return datetime.now(UTC)

    async def cleanup(self, billing: AsyncBilling, made: Sequence[Made]) -> None:
        """Called after each clause, on either surface, with what it made, in that order. Does nothing unless overridden."""

    @classmethod
    def missing(cls, *, clock: bool, cards: bool) -> str | None:
        """Why a clause with these wants cannot be run here, or None."""
        if clock and cls.advance is Backend.advance:
            return "no clock"
        if cards and cls.tokens is None:
            return "no test cards"
        return None
