"""What all endpoints share: the table of routes, lists with filters and offsets, and what the site says of itself."""
