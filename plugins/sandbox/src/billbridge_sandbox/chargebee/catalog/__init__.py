"""Items, item families, item prices and price variants: the endpoints, and what a quantity costs. Raises no invoice."""
