"""Products, prices and meters: the endpoints, and what a quantity costs. Raises no invoice."""
