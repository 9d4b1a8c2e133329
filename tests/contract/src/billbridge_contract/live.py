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

    A subclass gives the `provider`, the `variables` of the environment with its options, a check of them in `refused`, and the `archive`.
    """

    many = 25
    search_lag = 90
    provider: ClassVar[str]
    variables: ClassVar[Mapping[str, str]]
    """Option of the provider to the variable that holds it. Without all of them the backend is not used."""
    archive: ClassVar[Mapping[str, tuple[str, Mapping[str, Any]]]] = {}
    """How to retire what cannot be deleted: "prices" to a path with `{}` for the id, and the parameters of a raw POST."""

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
        """Deletes customers with all that they have, and archives the catalog, prices before products."""
        for one in reversed(made):
            try:
                if one.resource == "customers":
                    await billing.customers.delete(one.entity.id, destroy_history=True)
                elif one.resource in self.archive:
                    path, params = self.archive[one.resource]
                    await billing.raw.post(path.format(one.entity.id), params)
            except NotFoundError:
                continue  # the clause deleted it itself, or it went with its customer
