"""What all endpoints share: their declaration, lists with cursors, `expand[]`, and the query language of searches."""
