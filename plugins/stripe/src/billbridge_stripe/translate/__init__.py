"""Pure functions between Stripe's objects and the neutral model. They send nothing and know no HTTP."""
