"""Subscriptions: the endpoints and their items. What time does to a subscription is in `billing`."""
