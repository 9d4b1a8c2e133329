"""Replace a text that is secret or too long by its digest. A digest does not protect a text that can be guessed."""

from __future__ import annotations


def digest(text: str | bytes) -> str:
    """Return the SHA-256 of `text` in 64 hexadecimal digits."""
    from hashlib import sha256  # imported here: it loads OpenSSL, which `import billbridge` does not need

    return sha256(text.encode() if isinstance(text, str) else text).hexdigest()
