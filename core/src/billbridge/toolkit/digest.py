"""A digest in place of a text that is secret or too long. It does not protect a text that can be guessed."""

from __future__ import annotations


def digest(text: str | bytes) -> str:
    """The SHA-256 of `text` in 64 hexadecimal digits."""
    from hashlib import sha256  # imported here: it loads OpenSSL, which `import billbridge` does not need

    return sha256(text.encode() if isinstance(text, str) else text).hexdigest()
