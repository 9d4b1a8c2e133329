"""A simulated Chargebee, API v2 with Product Catalog 2.0."""
