"""SetupIntents: a payment method is checked, without a charge, and attached to its customer. Mandates and microdeposits are not simulated.

A test card that would be declined when charged is declined here too (our choice: Stripe takes some of them). A card that wants
authentication waits in `requires_action` until `authenticate` is called in place of the customer's browser.
"""

from __future__ import annotations

from copy import deepcopy

from billbridge_sandbox.stripe.api.errors import StripeError, exclusive, invalid, missing
from billbridge_sandbox.stripe.api.params import EXPAND, Params, Parser, boolean, choice, clearable, many, metadata, patched, text
from billbridge_sandbox.stripe.endpoints.endpoint import Endpoint
from billbridge_sandbox.stripe.endpoints.lists import CREATED, matching, page
from billbridge_sandbox.stripe.payments.charging import decline_of
from billbridge_sandbox.stripe.payments.payment_method_object import TEST_NAMES, from_name
from billbridge_sandbox.stripe.payments.payment_methods import attach, check_free
from billbridge_sandbox.stripe.store.account import Account, Json

_REFUSED = (
    "attach_to_self customer_account excluded_payment_method_types flow_directions payment_method_configuration payment_method_data"
    " payment_method_options"
)
_ALLOWED = many(choice("card", "us_bank_account"), 2)
_CHANGEABLE: dict[str, Parser] = {
    **EXPAND,
    "customer": text,
    "description": clearable(text),
    "metadata": metadata,
    "payment_method": text,
}
_AUTOMATIC = Params({"allow_redirects": choice("always", "never"), "enabled": boolean}, required=("enabled",))
_CREATE = Params(
    {
        **_CHANGEABLE,
        "allowed_payment_method_types": _ALLOWED,
        "automatic_payment_methods": _AUTOMATIC,
        "confirm": boolean,
        "return_url": text,
        "usage": choice("off_session", "on_session"),
        "use_stripe_sdk": boolean,
    },
    not_simulated=f"{_REFUSED} confirmation_token mandate_data on_behalf_of single_use",
)
_UPDATE = Params({**_CHANGEABLE, "allowed_payment_method_types": clearable(_ALLOWED)}, not_simulated=_REFUSED)
_CONFIRM = Params(
    {**EXPAND, "payment_method": text, "return_url": text, "use_stripe_sdk": boolean},
    not_simulated="allowed_payment_method_types confirmation_token mandate_data payment_method_data payment_method_options",
)
_CANCEL = Params({**EXPAND, "cancellation_reason": choice("abandoned", "duplicate", "requested_by_customer")})
_LIST = Params({**CREATED, "customer": text, "payment_method": text}, not_simulated="attach_to_self customer_account")
_OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
_CARD_OPTIONS = {"mandate_options": None, "network": None, "request_three_d_secure": "automatic"}


def new_intent(account: Account, args: Json) -> Json:
    """Store an intent that is not confirmed yet. Raises StripeError for a customer or a payment method that is not there."""
    allowed = args.get("allowed_payment_method_types")
    if allowed is not None and "automatic_payment_methods" in args:
        raise exclusive("allowed_payment_method_types", "automatic_payment_methods")
    automatic = {"allow_redirects": "always", "enabled": True, **args.get("automatic_payment_methods", {})}
    id = account.ids.next("seti_", 24)
    intent: Json = {
        "id": id,
        "object": "setup_intent",
        "allowed_payment_method_types": allowed,
        "application": None,
        "automatic_payment_methods": automatic if allowed is None else None,
        "cancellation_reason": None,
        "client_secret": account.ids.next(f"{id}_secret_", 25),
        "created": account.now,
        "customer": None,
        "description": args.get("description"),
        "excluded_payment_method_types": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "livemode": False,
        "mandate": None,
        "metadata": patched({}, args.get("metadata", {})),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": dict(_CARD_OPTIONS)},
        "payment_method_types": allowed or ["card", "us_bank_account"],
        "single_use_mandate": None,
        "status": "requires_payment_method",
        "usage": args.get("usage", "off_session"),
    }
    _choose(account, intent, args)
    return account.put(intent)


def _choose(account: Account, intent: Json, args: Json) -> None:
    """Write the customer and the payment method that the arguments name."""
    customer = args.get("customer", intent["customer"])
    if customer is not None:
        account.find("customer", customer, "customer")
    method = _named(account, args["payment_method"], customer) if "payment_method" in args else None
    intent["customer"] = customer
    if method is not None:
        intent.update(payment_method=method["id"], status="requires_confirmation", next_action=None)


def _named(account: Account, id: str, customer: str | None) -> Json:
    method = from_name(account, id) if id in TEST_NAMES else account.find("payment_method", id, "payment_method")
    check_free(account, method, customer)
    return method


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    confirm = args.get("confirm", False)
    for name in ("return_url", "use_stripe_sdk"):
        if name in args and not confirm:
            raise invalid(f"`{name}` can only be sent when confirming.", param=name)
    if confirm and "payment_method" not in args:
        raise missing("payment_method")
    intent = new_intent(account, args)
    return _confirmed(account, intent, args) if confirm else intent


def _update(account: Account, args: Json, ids: dict[str, str]) -> Json:
    intent = account.at_path("setup_intent", ids, "intent")
    _check_open(intent, "updated")
    merged = patched(intent["metadata"], args.get("metadata", {}))
    _choose(account, intent, args)
    if args.get("allowed_payment_method_types"):
        allowed = args["allowed_payment_method_types"]
        intent.update(allowed_payment_method_types=allowed, payment_method_types=allowed, automatic_payment_methods=None)
    intent.update(metadata=merged, description=args.get("description", intent["description"]))
    return intent


def _check_open(intent: Json, done: str) -> None:
    if intent["status"] not in _OPEN:
        message = f"This SetupIntent could not be {done} because it has a status of {intent['status']}."
        raise StripeError(400, "invalid_request_error", message, code="setup_intent_unexpected_state", setup_intent=deepcopy(intent))


def _confirm(account: Account, args: Json, ids: dict[str, str]) -> Json:
    intent = account.at_path("setup_intent", ids, "intent")
    _check_open(intent, "confirmed")
    _choose(account, intent, args)
    if intent["payment_method"] is None:
        raise missing("payment_method")
    return _confirmed(account, intent, args)


def _confirmed(account: Account, intent: Json, args: Json) -> Json:
    """Check the payment method. Without a `return_url` only what cannot send the customer to another page can be confirmed."""
    automatic = intent["automatic_payment_methods"]
    if automatic and automatic["enabled"] and automatic["allow_redirects"] == "always" and not {"return_url", "use_stripe_sdk"} & set(args):
        message = (
            "This SetupIntent may use payment methods that redirect the customer, so you must send a `return_url`, or set"
            " automatic_payment_methods[allow_redirects] to never."
        )
        raise invalid(message, param="return_url")
    return _checked(account, intent, _action(intent, args))


def confirm_on_page(account: Account, intent: Json, method: str) -> Json:
    """Set up a payment method that the customer gave on a page of Stripe's, where any authentication is finished at once."""
    _choose(account, intent, {"payment_method": method})
    return _checked(account, intent, None)


def _checked(account: Account, intent: Json, action: Json | None) -> Json:
    """Check the chosen payment method. An authentication that it wants is finished already when there is no `action` to wait for."""
    method = account.find("payment_method", intent["payment_method"])
    check_free(account, method, intent["customer"])
    decline = decline_of(account, method["id"])
    if decline is None or (decline.needs_action and action is None):
        return succeed(account, intent)
    if decline.needs_action:
        intent.update(status="requires_action", next_action=action, last_setup_error=None)
        return intent
    error = decline.error(payment_method=deepcopy(method)).body["error"]
    intent.update(status="requires_payment_method", payment_method=None, last_setup_error=error)
    raise decline.error(payment_method=deepcopy(method), setup_intent=deepcopy(intent))


def _action(intent: Json, args: Json) -> Json:
    if "return_url" not in args:
        return {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
    url = f"https://hooks.stripe.com/3d_secure/{intent['id']}"
    return {"type": "redirect_to_url", "redirect_to_url": {"return_url": args["return_url"], "url": url}}


def succeed(account: Account, intent: Json) -> Json:
    """The payment method is set up, and attached when the intent has a customer."""
    if intent["customer"] is not None:
        attach(account, intent["payment_method"], intent["customer"], "payment_method")
    intent.update(status="succeeded", next_action=None, last_setup_error=None)
    return intent


def authenticate(account: Account, id: str) -> Json:
    """Finish the authentication that an intent waits for, as the customer would in the browser.

    Raises StripeError when it waits for none.
    """
    intent = account.find("setup_intent", id, "intent")
    if intent["status"] != "requires_action":
        raise invalid(f"The SetupIntent waits for no action; its status is {intent['status']}.")
    return succeed(account, intent)


def cancel(account: Account, intent: Json, reason: str | None) -> Json:
    """Cancel an open intent."""
    intent.update(status="canceled", cancellation_reason=reason, next_action=None)
    return intent


def _cancel(account: Account, args: Json, ids: dict[str, str]) -> Json:
    intent = account.at_path("setup_intent", ids, "intent")
    _check_open(intent, "canceled")
    return cancel(account, intent, args.get("cancellation_reason"))


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path("setup_intent", ids, "intent")


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return page(matching(account.where("setup_intent"), args, "customer", "payment_method"), args, "/v1/setup_intents", "setupintent")


ENDPOINTS = [
    Endpoint("POST", "/v1/setup_intents", _CREATE, _create, "setup_intent"),
    Endpoint("GET", "/v1/setup_intents", _LIST, _list, "setup_intent[]"),
    Endpoint("GET", "/v1/setup_intents/{id}", Params(EXPAND, not_simulated="client_secret"), _retrieve, "setup_intent"),
    Endpoint("POST", "/v1/setup_intents/{id}", _UPDATE, _update, "setup_intent"),
    Endpoint("POST", "/v1/setup_intents/{id}/confirm", _CONFIRM, _confirm, "setup_intent"),
    Endpoint("POST", "/v1/setup_intents/{id}/cancel", _CANCEL, _cancel, "setup_intent"),
]
