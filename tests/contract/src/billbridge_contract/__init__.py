"""The contract that every Billbridge provider must pass, as a pytest plugin.

A test file of a provider is a `Backend` (how to reach it) and `test_contract = contract_tests(ThatBackend)`. The clauses are listed in
`docs/contract.md`. Does not know any provider.
"""

from __future__ import annotations

from billbridge_contract.backend import Backend, Client, SurfaceClass, Tokens
from billbridge_contract.cases import contract_tests
from billbridge_contract.meter import Made

__all__ = ["Backend", "Client", "Made", "SurfaceClass", "Tokens", "contract_tests"]
