"""The entities with the most fields, for plugins that make thousands of them: `_make = Make`, then `_make.invoice(...)`.

CPython 3.11 to 3.13 builds a dict for a call with more than 15 keywords. It does not if the callable is an attribute, and the attribute's
owner is not a name that the module imported. The dict takes a third of the time.
"""

from __future__ import annotations

from billbridge.model.customer import Customer
from billbridge.model.invoice import Invoice


class Make:
    """The entity classes as attributes, so that a call with many keywords is fast."""

    customer = Customer
    invoice = Invoice
