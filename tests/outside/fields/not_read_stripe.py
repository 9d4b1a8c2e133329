"""Stripe's fields that bear on money, quantity or time and that Billbridge does not read, by the reason why. Data only."""

from __future__ import annotations

from typing import Final

_COLLECTION = "a setting of how a payment is collected; it changes no amount that the invoice shows"
_CONNECT = "how a platform shares the money; the customer pays the same"
_COPY = "follows from fields that are read"
_ITS_OWN = "belongs to another object, which `raw.get` reads by its id"
_LATER = "a change that is planned and not in force"
_NOT_A_SUM = "not an amount, a quantity or a time that a customer is billed by"
_NO_FORM = "Chargebee has nothing like it, so there is no neutral form yet"
_TAX = "the details behind a tax that is read as a sum"
_SETTING = "a setting for invoices to come; invoices that exist are read with their own values"
_SHIPPING = "part of `total` and of `tax`; shipping has no neutral form yet"

NOT_READ: Final[dict[str, dict[str, str]]] = {
    "subscription": {
        _CONNECT: "application_fee_percent transfer_data.amount_percent",
        _SETTING: "billing_cycle_anchor billing_cycle_anchor_config.day_of_month billing_cycle_anchor_config.hour"
        " billing_cycle_anchor_config.minute billing_cycle_anchor_config.month billing_cycle_anchor_config.second"
        " billing_mode.flexible.proration_discounts billing_thresholds.amount_gte days_until_due"
        " pending_invoice_item_interval.interval pending_invoice_item_interval.interval_count",
        _LATER: "billing_schedules.bill_until.computed_timestamp billing_schedules.bill_until.duration.interval"
        " billing_schedules.bill_until.duration.interval_count billing_schedules.bill_until.timestamp next_pending_invoice_item_invoice"
        " pending_update.billing_cycle_anchor pending_update.cancel_at_period_end pending_update.discounts pending_update.expires_at"
        " pending_update.trial_end",
        _NO_FORM: "pause_collection.resumes_at status_details.paused.transitioned_at",
        _COLLECTION: "payment_settings.payment_method_options.blik.mandate_options.expires_at"
        " payment_settings.payment_method_options.card.mandate_options.amount"
        " payment_settings.payment_method_options.payto.mandate_options.amount"
        " payment_settings.payment_method_options.pix.expires_after_seconds"
        " payment_settings.payment_method_options.pix.mandate_options.amount"
        " payment_settings.payment_method_options.upi.mandate_options.amount"
        " payment_settings.payment_method_options.upi.mandate_options.end_date",
        _NOT_A_SUM: "billing_mode.updated_at presentment_details.presentment_currency",
    },
    "subscription item": {
        _SETTING: "billing_thresholds.usage_gte",
        _NO_FORM: "billed_until created current_trial.end_date current_trial.start_date",
    },
    "invoice": {
        "`amount_remaining` is read instead: `amount_due` does not go down when the customer pays": "amount_due",
        _NO_FORM: "amount_overpaid amount_paid_off_stripe status_transitions.marked_uncollectible_at",
        "lowers nothing on the invoice: the money went back to the customer or to the balance": "post_payment_credit_notes_amount",
        _SHIPPING: "amount_shipping shipping_cost.amount_subtotal shipping_cost.amount_tax shipping_cost.amount_total"
        " shipping_cost.taxes.amount shipping_cost.taxes.taxable_amount",
        _COPY: "subtotal_excluding_tax total_excluding_tax",
        "each line has a period of its own, which is read": "period_end period_start",
        _ITS_OWN: "discounts total_discount_amounts.discount total_pretax_credit_amounts.discount",
        "credit grants (billing credits); they are part of `total`, and have no neutral form yet": "total_pretax_credit_amounts.amount",
        _TAX: "total_taxes.tax_behavior total_taxes.taxable_amount",
        _COLLECTION: "attempt_count automatically_finalizes_at"
        " payment_settings.payment_method_options.payto.mandate_options.amount"
        " payment_settings.payment_method_options.pix.expires_after_seconds"
        " payment_settings.payment_method_options.upi.mandate_options.amount"
        " payment_settings.payment_method_options.upi.mandate_options.end_date",
        _NOT_A_SUM: "parent.subscription_details.subscription_proration_date rendering.template_version threshold_reason.amount_gte"
        " threshold_reason.item_reasons.usage_gte webhooks_delivered_at",
    },
    "invoice line": {
        _ITS_OWN: "discount_amounts.discount discounts pretax_credit_amounts.discount",
        "credit grants (billing credits); they are part of the invoice's `total`, and have no neutral form yet": (
            "pretax_credit_amounts.amount"
        ),
        _COPY: "subtotal",
        _TAX: "taxes.tax_behavior taxes.taxable_amount",
    },
    "price": {
        "the customer chooses the amount; the bounds have no neutral form yet": (
            "currency_options.custom_unit_amount.maximum currency_options.custom_unit_amount.minimum"
            " currency_options.custom_unit_amount.preset custom_unit_amount.maximum custom_unit_amount.minimum custom_unit_amount.preset"
        ),
        "`currency_options` of the model hold amounts for one unit": (
            "currency_options.tax_behavior currency_options.tiers.flat_amount currency_options.tiers.flat_amount_decimal"
            " currency_options.tiers.unit_amount currency_options.tiers.unit_amount_decimal currency_options.tiers.up_to"
        ),
    },
    "coupon": {
        "`amount_off` is read in the coupon's own currency": "currency_options.amount_off",
    },
    "discount": {},
    "customer": {
        _NOT_A_SUM: "next_invoice_sequence",
    },
}
