"""Features, what items give of them, and what subscriptions have of them."""
