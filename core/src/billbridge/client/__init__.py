"""The two clients, `Billing` and `AsyncBilling`, and what a call runs through before and after its flow.

Lives here: the declaration of every operation for both clients, pagers, call options, the session that a client and its views share, and
the executors that answer the effects of a flow. Does not live here: translation (plugins), retries (`billbridge.flow`), sockets
(`billbridge.http`). Applications import `Billing` and `AsyncBilling` from `billbridge`.
"""
