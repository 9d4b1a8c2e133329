"""A simulated Stripe, API version 2026-10-28.endive."""
