"""How Chargebee writes requests and answers: parameters, errors, objects on the wire. Knows no resource and stores nothing."""
