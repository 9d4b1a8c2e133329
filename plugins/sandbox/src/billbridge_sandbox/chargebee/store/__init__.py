"""What a simulated Chargebee site stores: one class per object, and the site with its tables and clock. Holds no billing rule."""
