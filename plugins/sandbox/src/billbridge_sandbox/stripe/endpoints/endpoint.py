"""What an endpoint of the simulated Stripe is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from billbridge_sandbox.stripe.api.params import EXPAND, Params
from billbridge_sandbox.stripe.store.account import Account, Json

Handler: TypeAlias = Callable[[Account, Json, dict[str, str]], Json]

NO_PARAMS = Params()
ONLY_EXPAND = Params(EXPAND)


class Endpoint(NamedTuple):
    """A method, a path, its legal parameters, and a handler: (account, parsed arguments, ids in the path) -> stored object or list.

    `returns` is the kind of that object, or of a list's rows ("customer[]").
    """

    method: str
    path: str
    params: Params
    handler: Handler
    returns: str
