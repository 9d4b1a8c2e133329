"""Pytest plugin of the contract suite."""
