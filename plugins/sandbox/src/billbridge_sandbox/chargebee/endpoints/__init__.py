"""What all endpoints share: the table of routes, lists with filters and offsets, and the configuration of the site."""
