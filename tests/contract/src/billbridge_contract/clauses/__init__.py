"""The clauses, one module for each chapter of docs/contract.md. They use Billbridge's API only and know no vendor."""
