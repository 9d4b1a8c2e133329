"""Payment methods, setup intents, checkout sessions, and charging a card. Decides nothing about subscriptions."""
