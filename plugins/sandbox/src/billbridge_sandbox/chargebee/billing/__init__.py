"""The rules of time and money: terms, renewals, invoices, discounts, promotional credits, usages and dunning."""
