"""How providers, gateways and observers are found, configured and made, and what each of them implements.

Lives here: the base classes `Provider` and `Gateway`, the pluggy hooks, options and their errors, the registry (stevedore), and the
environment variables. Does not live here: what an operation promises (`billbridge.services`) and how a call runs (`billbridge.client`).
"""
