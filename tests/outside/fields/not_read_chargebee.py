"""Chargebee's fields that bear on money, quantity or time and that Billbridge does not read, by the reason why. Data only."""

from __future__ import annotations

from typing import Final

_COPY = "follows from fields that are read"
_ITS_OWN = "belongs to another object, which `raw.get` reads by its id"
_LATER = "a change that is planned and not in force"
_LOCAL = "the same sums in the site's own currency, for reports"
_NOT_A_SUM = "not an amount, a quantity or a time that a customer is billed by"
_NO_FORM = "Stripe has nothing like it, so there is no neutral form yet"
_PAST = "when something was charged before; invoices show it"
_PAYMENTS = "a payment or a credit note of its own; its sum is in `amount_paid` or `credits_applied`"
_REPORT = "a figure for reports, computed by Chargebee"
_SETTING = "a setting for invoices to come; invoices that exist are read with their own values"
_TAX = "the details behind a tax that is read as a sum"
_TERM = "contract terms; Stripe has none, so there is no neutral form yet"
_TIERS = "the tiers behind a line; the line's amount is read"
_VERSION = "a version number of the object"

NOT_READ: Final[dict[str, dict[str, str]]] = {
    "subscription": {
        _COPY: "activated_at addons.amount addons.amount_in_decimal plan_amount plan_amount_in_decimal subscription_items.amount"
        " subscription_items.amount_in_decimal next_billing_at subscription_items.next_billing_at",
        "the price says it, and items of one subscription share it": (
            "billing_period billing_period_unit subscription_items.billing_period subscription_items.billing_period_unit"
        ),
        _SETTING: "addons.proration_type subscription_items.proration_type billing_override.max_excess_payment_usage"
        " billing_override.max_refundable_credits_usage net_term_days event_based_addons.service_period_in_days"
        " subscription_items.service_period_days subscription_items.charge_on_option",
        "an item can end or begin its trial on its own; " + _NO_FORM: (
            "addons.remaining_billing_cycles addons.trial_end remaining_billing_cycles subscription_items.billing_cycles"
            " subscription_items.trial_end"
        ),
        _NO_FORM: "free_period free_period_unit pause_date resume_date",
        "a fee that the first invoice of Product Catalog 1.0 shows as a line": "setup_fee",
        _PAST: "charged_event_based_addons.last_charged_at charged_items.last_charged_at coupons.applied_count discounts.applied_count"
        " discounts.created_at",
        _LATER: "changes_scheduled_at",
        _TERM: "contract_term.billing_cycle contract_term.cancellation_cutoff_period contract_term.contract_end"
        " contract_term.contract_start contract_term.created_at contract_term.remaining_billing_cycles"
        " contract_term.total_contract_value contract_term.total_contract_value_before_tax contract_term_billing_cycle_on_renewal",
        "the end of the discount, `apply_till`, is read instead": "discounts.duration_type discounts.period discounts.period_unit",
        "free units; " + _NO_FORM: "discounts.quantity",
        "`one_time` of the model covers once and each time": "event_based_addons.charge_once",
        "the price has the tiers; of an item only packages are read": (
            "item_tiers.ending_unit item_tiers.ending_unit_in_decimal item_tiers.starting_unit item_tiers.starting_unit_in_decimal"
        ),
        _REPORT: "arr mrr due_since total_dues exchange_rate base_currency_code",
        _NOT_A_SUM: "discounts.index item_tiers.index",
        _VERSION: "resource_version",
    },
    "invoice": {
        _PAYMENTS: "adjustment_credit_notes.cn_date adjustment_credit_notes.cn_total applied_credits.applied_amount"
        " applied_credits.applied_at applied_credits.cn_date issued_credit_notes.cn_date issued_credit_notes.cn_total"
        " line_item_credits.applied_amount linked_payments.applied_amount linked_payments.applied_at linked_payments.txn_amount"
        " linked_payments.txn_date reference_transactions.amount_capturable reference_transactions.applied_amount"
        " reference_transactions.applied_at reference_transactions.txn_amount reference_transactions.txn_date",
        _COPY: "amount_to_collect line_items.item_level_discount_amount line_item_discounts.discount_amount"
        " line_item_discounts.discount_type discounts.discount_type",
        "part of `total`; rounding of the whole invoice, which only some sites turn on, has no neutral form yet": "round_off_amount",
        _LOCAL: "exchange_rate exchange_rates.currency_code exchange_rates.rate local_currency_code local_currency_exchange_rate"
        " sub_total_in_local_currency total_in_local_currency line_item_taxes.local_currency_code"
        " line_item_taxes.tax_amount_in_local_currency",
        _TAX: "line_item_taxes.date_from line_item_taxes.date_to line_item_taxes.prorated_taxable_amount line_item_taxes.tax_amount"
        " line_item_taxes.tax_rate line_item_taxes.taxable_amount line_items.tax_rate taxes.amount",
        _TIERS: "line_item_tiers.ending_unit line_item_tiers.ending_unit_in_decimal line_item_tiers.package_size"
        " line_item_tiers.pricing_type line_item_tiers.quantity_used line_item_tiers.quantity_used_in_decimal"
        " line_item_tiers.starting_unit line_item_tiers.starting_unit_in_decimal line_item_tiers.unit_amount"
        " line_item_tiers.unit_amount_in_decimal line_items.is_percentage_pricing line_items.pricing_model",
        "`dunning_status` is read": "dunning_attempts.attempt dunning_attempts.created_at dunning_attempts.txn_amount next_retry_at",
        _ITS_OWN: "linked_orders.created_at",
        "terms of payment; `due_date` is read": "net_term_days expected_payment_date",
        _REPORT: "new_sales_amount",
        _VERSION: "resource_version",
    },
    "item_price": {
        _SETTING: "proration_type shipping_period shipping_period_unit",
        "each tier starts where the one before it ends": "tiers.starting_unit tiers.starting_unit_in_decimal",
        "`status` says that it is archived": "archived_at",
        _TAX: "tax_detail.avalara_service_type tax_detail.avalara_transaction_type",
        _VERSION: "resource_version",
    },
    "coupon": {
        "the limits of the coupon are read from `item_constraints`": "apply_on item_constraint_criteria.item_price_periods",
        "free units; " + _NO_FORM: "discount_quantity",
        "`status` says that it is archived": "archived_at",
        _VERSION: "resource_version",
    },
    "customer": {
        "not billed yet, so no credit and no debt": "balances.unbilled_charges unbilled_charges",
        _SETTING: "billing_date billing_month net_term_days",
        _ITS_OWN: "referral_urls.created_at referral_urls.updated_at",
        _NOT_A_SUM: "vat_number_validated_time",
        _VERSION: "resource_version",
    },
}
