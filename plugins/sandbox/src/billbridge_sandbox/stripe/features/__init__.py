"""Features of products, and the entitlements that customers get from their subscriptions."""
