"""The rules of time and money: first invoices, renewals, retries, discounts, customer balances; and the endpoints of invoices."""
