"""Customers: the endpoints, their billing information, and how they end."""
