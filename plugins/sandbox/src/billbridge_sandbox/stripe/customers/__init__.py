"""Customers: the endpoints, the search, and their tax ids."""
