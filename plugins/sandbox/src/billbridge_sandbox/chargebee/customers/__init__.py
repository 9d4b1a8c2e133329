"""Customers: the endpoints, their billing information, and the deletion of customers and their personal data."""
