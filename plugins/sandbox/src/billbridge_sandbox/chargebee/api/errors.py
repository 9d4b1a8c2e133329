"""Chargebee's error bodies. It decides no rule; modules raise a `Refusal` and the vendor's front door turns it into an answer.

A body carries `message`, `type`, `api_error_code` and perhaps `param` and `error_cause_id`, and repeats them under the names of API v1
(`error_code`, `error_msg`, `error_param`, `http_status_code`). The old error codes were other words than the new ones; here they are equal.
"""

from __future__ import annotations

from billbridge_sandbox.kernel.http import Answer, json_answer


class Refusal(Exception):
    """A request that Chargebee answers with an error. `type` None leaves the field out, as Chargebee does for failed authentication."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        param: str | None = None,
        type: str | None = "invalid_request",
        cause: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, object] = {
            name: value
            for name, value in {
                "message": message,
                "type": type,
                "api_error_code": code,
                "param": param,
                "error_cause_id": cause,
                "error_code": code,
                "error_msg": message,
                "error_param": param,
                "http_status_code": status,
            }.items()
            if value is not None
        }

    def answer(self) -> Answer:
        """The answer that tells the client."""
        return json_answer(self.status, self.body)


def wrong_value(param: str, problem: str) -> Refusal:
    """400: a parameter is missing or has a wrong value."""
    return Refusal(400, "param_wrong_value", f"{param} : {problem}", param=param)


def not_found(kind: str, id: str, param: str | None = None) -> Refusal:
    """404: no such object, in the path or named by the parameter `param`."""
    return Refusal(404, "resource_not_found", f"The {kind} {id!r} was not found", param=param)


def duplicate(param: str, value: str) -> Refusal:
    """400: an id or a name that must be unique is taken."""
    return Refusal(400, "duplicate_entry", f"{param} : the value {value!r} is already present", param=param)


def invalid_state(message: str) -> Refusal:
    """409: the state of the object does not allow the call. Unlike Stripe's 409, a retry does not help."""
    return Refusal(409, "invalid_state_for_request", message)


def incompatible(message: str, param: str | None = None) -> Refusal:
    """400: the site's configuration does not allow it. Also used for what real sites can do and this simulation cannot."""
    return Refusal(400, "configuration_incompatible", message, param=param)


def no_payment_method() -> Refusal:
    """400: money is to be collected now and the customer has no payment source."""
    return Refusal(400, "payment_method_not_present", "There is no payment method on file for the customer", type="payment")
