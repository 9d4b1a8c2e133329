"""What all services have in common: a service's methods are operations, and one that a provider does not override refuses."""

from __future__ import annotations

from typing import ClassVar, NoReturn

from billbridge.errors import UnsupportedOperationError


class Service:
    """A group of operations on one resource. Each public method is one operation and returns a flow.

    A provider subclasses the interface (`CustomerService`, ...) and overrides what its vendor can do. What it leaves alone refuses,
    and that is how `billing.capabilities` knows.
    """

    resource: ClassVar[str]
    """The attribute of `Billing` under which users find it."""

    def _refuse(self, operation: str) -> NoReturn:
        name = f"{self.resource}.{operation}"
        raise UnsupportedOperationError(f"this provider does not support {name}", capability=name)


def operations(interface: type[Service]) -> tuple[str, ...]:
    """The names of an interface's operations, in the order in which they are written."""
    return tuple(name for name, value in vars(interface).items() if callable(value) and not name.startswith("_"))
