"""Stripe's error bodies. The texts are worded like Stripe's; clients must rely on `type`, `code`, `param` and the HTTP status only."""

from __future__ import annotations

from typing import Any

from billbridge_sandbox.kernel.http import Answer, json_answer

NOT_SIMULATED = "billbridge_not_simulated"


class StripeError(Exception):
    """An error answer of Stripe."""

    def __init__(self, status: int, type: str, message: str, *, code: str | None = None, param: str | None = None, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        fields = {"code": code, "message": message, "param": param, "type": type, **more}
        self.body = {"error": {name: value for name, value in fields.items() if value is not None}}

    def answer(self) -> Answer:
        """The HTTP answer for this error."""
        return json_answer(self.status, self.body)


def invalid(message: str, *, param: str | None = None, code: str | None = None, status: int = 400) -> StripeError:
    """An `invalid_request_error`."""
    return StripeError(status, "invalid_request_error", message, code=code, param=param)


def no_such(name: str, id: str, param: str, status: int = 400) -> StripeError:
    """`resource_missing`: 404 when the id stands in the path, 400 when another object refers to it."""
    return invalid(f"No such {name}: '{id}'", code="resource_missing", param=param, status=status)


def no_access(account: str) -> StripeError:
    """`account_invalid`: the header `Stripe-Account` names an account that is not connected to the key's own."""
    message = f"The provided key does not have access to account '{account}' (or that account does not exist)."
    return invalid(message, code="account_invalid", status=403)


def missing(param: str) -> StripeError:
    """`parameter_missing`."""
    return invalid(f"Missing required param: {param}.", code="parameter_missing", param=param)


def exclusive(*params: str) -> StripeError:
    """`parameters_exclusive`: parameters that cannot be sent together."""
    text = f"You may only specify one of these parameters: {', '.join(params)}."
    return invalid(text, code="parameters_exclusive", param=params[0])


def not_simulated(what: str, param: str | None = None) -> StripeError:
    """The error for a legal parameter that the sandbox does not simulate. Its code is ours, so it is no answer of Stripe."""
    return invalid(f"The sandbox does not simulate {what}.", code=NOT_SIMULATED, param=param)
