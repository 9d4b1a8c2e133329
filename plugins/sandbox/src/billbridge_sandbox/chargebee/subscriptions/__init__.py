"""Subscriptions: the endpoints that create, change and end them. What time does to a subscription is in `billing`."""
