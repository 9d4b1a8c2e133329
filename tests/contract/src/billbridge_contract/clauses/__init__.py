"""The clauses, one module per chapter of docs/contract.md. They know the neutral API only, and no vendor."""
