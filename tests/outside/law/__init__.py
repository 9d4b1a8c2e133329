"""The official SDKs as law: is a request, an object, an exchange legal by the vendors' own typed client libraries?

`law.stripe` and `law.chargebee` hold the checks of each vendor, `check_exchange` joins them. All that is judged comes from the installed
SDKs' types at run time, except which optional fields are always there (`law.derive`). Imports nothing of Billbridge, so that it shares no
misunderstanding with it.
"""

from __future__ import annotations

from law import chargebee, stripe
from law.exchange import check_exchange

__all__ = ["chargebee", "check_exchange", "stripe"]
