"""Payment sources, payment intents, hosted pages, and taking money at the simulated gateway. Decides nothing about invoices."""
