"""What the sweeps of `test_sensitivity.py` change, and what they cannot see."""

from __future__ import annotations

from billbridge import model

CHAPTERS = {
    model.Customer: "CUS CUD CRD TAX PAY-01 VAL-01 LST",
    model.Address: "CUS CUD",
    model.Shipping: "CUD",
    model.TaxId: "TAX",
    model.CreditAdjustment: "CRD VAL-10",
    model.Product: "PRD PDL VAL-02",
    model.Price: "PRC PMD PRL VAL-02",
    model.Tier: "PMD AMT-03 PRL-12",
    model.Meter: "MET VAL-09",
    model.Coupon: "CPN VAL-07",
    model.PromotionCode: "PMO VAL-08",
    model.PaymentMethod: "PAY PME VAL-03",
    model.Card: "PAY VAL-03",
    model.PaymentMethodSetup: "SET VAL-11",
    model.Subscription: "SUB CAN VAL-04 TIM-04 DEC-07",
    model.SubscriptionItem: "SUB VAL-04",
    model.NextAction: "DEC",
    model.Invoice: "INV CRD SUB-02 VAL-05",
    model.InvoiceLine: "INV VAL-05",
    model.NewCustomer: "CUS CUD TAX",
    model.CustomerPatch: "CUS CUD",
    model.CustomerQuery: "LST FLT",
    model.CustomerSearch: "SEA",
    model.NewTaxId: "TAX",
    model.NewCreditAdjustment: "CRD",
    model.NewProduct: "PRD PDL",
    model.ProductPatch: "PDL",
    model.ProductQuery: "PRD PDL LST",
    model.NewPrice: "PRC PMD PRL",
    model.PricePatch: "PRL",
    model.PriceQuery: "PRC PRL",
    model.NewMeter: "MET",
    model.MeterQuery: "MET",
    model.NewCoupon: "CPN",
    model.CouponPatch: "CPN",
    model.CouponQuery: "CPN FLT",
    model.NewPromotionCode: "PMO",
    model.PromotionCodePatch: "PMO",
    model.PromotionCodeQuery: "PMO",
    model.NewPaymentMethod: "PAY",
    model.NewPaymentMethodSetup: "SET",
    model.PaymentMethodQuery: "PAY FLT",
    model.NewSubscription: "SUB DEC",
    model.Item: "SUB",
    model.SubscriptionQuery: "SUB FLT",
    model.InvoiceQuery: "INV FLT",
}
"""The clauses that look at each kind, by the beginnings of their ids."""
BLIND = frozenset(
    {
        "Customer.delinquent",
        "InvoiceLine.proration",  # None is unknown, and no clause makes a proration yet
        "NewPrice.allow_fractional",  # a vendor may refuse the amount all the same
        "Customer.updated_at",
        "Customer.vendor_tax_exempt",
        "TaxId.country",
        "Product.created_at",
        "Product.updated_at",
        "Product.vendor_kind",
        "Price.created_at",
        "Price.updated_at",
        "Price.vendor_interval",
        "Price.vendor_model",
        "Meter.created_at",
        "Meter.updated_at",
        "Meter.vendor_aggregation",
        "Coupon.created_at",
        "Coupon.price_ids",
        "Coupon.updated_at",
        "PromotionCode.created_at",
        "PromotionCode.vendor_status",
        "PaymentMethodSetup.created_at",
        "PaymentMethodSetup.expires_at",
        "PaymentMethodSetup.vendor_status",
        "Card.country",
        "Card.funding",
        "Subscription.collection_method",
        "Subscription.latest_invoice_id",
        "Subscription.start_date",
        "Subscription.updated_at",
        "SubscriptionItem.product_id",
        "Invoice.created_at",
        "Invoice.due_at",
        "Invoice.updated_at",
        "InvoiceLine.discount",
        "InvoiceLine.tax",
    }
)
"""What may get lost unnoticed, because a vendor need not have it."""
UNSEEN = frozenset({"NewPaymentMethodSetup.return_url", "NewPrice.allow_fractional", "NextAction.id", "NextAction.client_secret"})
"""What may be wrong unnoticed. Only the hosted page shows where the customer goes afterwards, and only the vendor's browser library can use
the secret of a next action. A fine amount may be refused anyway."""
