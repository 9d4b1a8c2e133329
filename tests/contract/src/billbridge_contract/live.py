"""The base of backends on a real test account of a vendor. The environment enables them, and they clean up. Knows no vendor."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from billbridge import AsyncBilling
from billbridge.errors import NotFoundError

from billbridge_contract.backend import Backend, Client, SurfaceClass
from billbridge_contract.meter import Made


class LiveBackend(Backend):
    """A backend on a real test account. It has no clock, creates fewer objects, and removes them afterwards.

    A subclass sets `provider` and `variables`, and overrides `refused` to check the account.
    """

    many = 25
    search_lag = 90
    provider: ClassVar[str]
    variables: ClassVar[Mapping[str, str]]
    """A mapping of the provider's options to environment variables. The backend runs only if all of them are set."""
    endings: ClassVar[Mapping[str, str]] = {
        "promotion_codes": "deactivate",
        "product_features": "archive",
        "coupons": "delete",
        "prices": "archive",
        "products": "archive",
        "meters": "archive",
    }
    """A mapping of resources to the operation that removes their objects, if the provider has it."""

    @classmethod
    def options(cls) -> dict[str, Any]:
        """Return the provider's options from the environment, or an empty dict if one is missing."""
        found = {option: os.environ.get(variable, "") for option, variable in cls.variables.items()}
        return found if all(found.values()) else {}

    @classmethod
    def refused(cls, options: Mapping[str, str]) -> str | None:
        """Return why the suite must not use this account, such as a live key, or None if it can."""
        raise NotImplementedError(f"{cls.__name__} must override refused(options), which tells a live account from a test account")

    @classmethod
    def available(cls) -> tuple[type[Backend], ...]:
        """Return this backend if its variables are set, for `contract_tests(*Live.available())`.

        Raises `ValueError` for an account that it must not use.
        """
        options = cls.options()
        if not options:
            return ()
        if (reason := cls.refused(options)) is not None:
            raise ValueError(reason)
        return (cls,)

    def connect(self, surface: SurfaceClass) -> Client:
        """Return a client that connects to the vendor directly."""
        return surface.connect(self.provider, **self.options())

    async def cleanup(self, billing: AsyncBilling, made: Sequence[Made]) -> None:
        """Delete customers with their history, delete coupons, and archive the catalog, in the reverse order of creation."""
        for one in reversed(made):
            try:
                if one.resource == "customers":
                    await billing.customers.delete(one.entity.id, destroy_history=True)
                elif ending := self.endings.get(one.resource):
                    await getattr(getattr(billing, one.resource), ending)(one.entity.id)
            except NotFoundError:
                continue  # the clause deleted it, or it was deleted with its customer
