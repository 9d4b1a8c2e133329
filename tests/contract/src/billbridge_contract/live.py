"""What backends on a vendor's real test account have in common: they are opted into by the environment, and tidy up. Knows no vendor."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from billbridge import AsyncBilling
from billbridge.errors import NotFoundError

from billbridge_contract.backend import Backend, Client, SurfaceClass
from billbridge_contract.meter import Made


class LiveBackend(Backend):
    """A real test account. It has no clock, makes fewer objects, and takes everything away afterwards.

    A subclass gives the `provider`, the `variables` of the environment with its options, and a check of them in `refused`.
    """

    many = 25
    search_lag = 90
    provider: ClassVar[str]
    variables: ClassVar[Mapping[str, str]]
    """Option of the provider to the variable that holds it. Without all of them the backend is not used."""
    endings: ClassVar[Mapping[str, str]] = {
        "promotion_codes": "deactivate",
        "coupons": "delete",
        "prices": "archive",
        "products": "archive",
        "meters": "archive",
    }
    """How what was made is retired: a resource to one of its operations, where the provider has it."""

    @classmethod
    def options(cls) -> dict[str, Any]:
        """The provider's options, from the environment; empty if one is missing."""
        found = {option: os.environ.get(variable, "") for option, variable in cls.variables.items()}
        return found if all(found.values()) else {}

    @classmethod
    def refused(cls, options: Mapping[str, str]) -> str | None:
        """Why this account must not be used, such as that it is a live one; None if it may be."""
        raise NotImplementedError(f"{cls.__name__} must tell a live account from a test account")

    @classmethod
    def available(cls) -> tuple[type[Backend], ...]:
        """This backend if its variables are set, for `contract_tests(*Live.available())`. `ValueError` for an account it must not use."""
        options = cls.options()
        if not options:
            return ()
        if (reason := cls.refused(options)) is not None:
            raise ValueError(reason)
        return (cls,)

    def connect(self, surface: SurfaceClass) -> Client:
        """A client straight to the vendor."""
        return surface.connect(self.provider, **self.options())

    async def cleanup(self, billing: AsyncBilling, made: Sequence[Made]) -> None:
        """Deletes customers with all that they have and coupons, and archives the catalog, the last that was made first."""
        for one in reversed(made):
            try:
                if one.resource == "customers":
                    await billing.customers.delete(one.entity.id, destroy_history=True)
                elif ending := self.endings.get(one.resource):
                    await getattr(getattr(billing, one.resource), ending)(one.entity.id)
            except NotFoundError:
                continue  # the clause deleted it itself, or it went with its customer
