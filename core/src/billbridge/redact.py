"""Takes secrets and personal data out of a vendor's own words before they reach an exception's text.

Does not look at whole answers: those stay undecoded in `error.raw`, which no text shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl

_HIDDEN: Final = "[redacted]"
_SHAPES: Final = re.compile(
    r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail address
    r"|\b(?:sk|rk|pk|whsec|test|live|cb)_[A-Za-z0-9_*]{4,}"  # keys; Stripe shows part of a refused one
    r"|\b\w+_secret_\w+"  # client secrets
    r"|\b(?:\d[ -]?){11,18}\d\b"  # card and account numbers
)
_PERSONAL: Final = re.compile(
    r"(?:^|[\[_])(?:email|name|phone|line\d|city|postal_code|zip|state|company|meta_?data|token\w*|tok)(?=$|[\[\]])"
)


def redact(text: str, *, sent: Iterable[bytes | str] = ()) -> str:
    """`text` without e-mail addresses, keys, card numbers, and without any personal value that the form bodies in `sent` carried."""
    for form in sent:
        for key, value in parse_qsl(form.decode("utf-8", "replace") if isinstance(form, bytes) else form):
            if len(value) > 2 and _PERSONAL.search(key):
                text = text.replace(value, _HIDDEN)
    return _SHAPES.sub(_HIDDEN, text)
