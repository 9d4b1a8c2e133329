"""The base class of all services. A provider overrides the operations that its vendor has; the others raise `UnsupportedOperationError`."""

from __future__ import annotations

from typing import ClassVar, NoReturn

from billbridge.errors import UnsupportedOperationError


class Service:
    """A group of operations on one resource. Each public method is one operation and returns a flow.

    A provider subclasses the interface (`CustomerService`, ...) and overrides what its vendor can do. An operation that it does not
    override raises `UnsupportedOperationError`, and `billing.capabilities` shows it as absent.
    """

    resource: ClassVar[str]
    """The attribute of `Billing` that holds this service."""

    def _refuse(self, operation: str) -> NoReturn:
        name = f"{self.resource}.{operation}"
        raise UnsupportedOperationError(f"this provider does not support {name}", capability=name)


def operations(interface: type[Service]) -> tuple[str, ...]:
    """The names of the operations of an interface, in the order of the source."""
    return tuple(name for name, value in vars(interface).items() if callable(value) and not name.startswith("_"))
