"""The contract suite for Billbridge providers, as a pytest plugin.

To test your provider, subclass `Backend`, which tells how to reach it, and write `test_contract = contract_tests(YourBackend)` in a test
file. `docs/contract.md` lists the clauses. The suite knows no provider.
"""

from __future__ import annotations

from billbridge_contract.backend import Backend, Client, SurfaceClass, Tokens
from billbridge_contract.cases import contract_tests
from billbridge_contract.meter import Made

__all__ = ["Backend", "Client", "Made", "SurfaceClass", "Tokens", "contract_tests"]
