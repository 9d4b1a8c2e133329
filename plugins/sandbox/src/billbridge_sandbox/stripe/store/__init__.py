"""What a simulated Stripe account stores: its objects, its clock, its ids. Holds no rule."""
