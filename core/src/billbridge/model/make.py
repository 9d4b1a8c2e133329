"""The model's objects with the most fields, as plugins make them by the thousand: `_make = Make`, then `_make.invoice(...)`.

CPython (3.11 to 3.13) builds a dict for more than 15 keywords of a call, unless an attribute is called, of something that this module did
not import under that name: a third of the time.
"""

from __future__ import annotations

from billbridge.model.customer import Customer
from billbridge.model.invoice import Invoice


class Make:
    """Their classes, to be called as attributes."""

    customer = Customer
    invoice = Invoice
