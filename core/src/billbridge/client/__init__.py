"""What a call on `billing` runs through before and after its flow: the two clients, their resources, pagers and options.

Lives here: `Billing` and `AsyncBilling`, the declaration of every operation for both surfaces, the session that a client and its
views share, and the executor that answers a flow's effects. Does not live here: translation (plugins), retries (`billbridge.flow`),
sockets (`billbridge.http`). Applications import `Billing` and `AsyncBilling` from `billbridge`.
"""
