"""How Stripe writes requests and answers: parameters, amounts, errors. Knows no resource and stores nothing."""
