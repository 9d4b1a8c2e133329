"""The digest by which a text is known where it must not be shown or is too long. No protection: who knows the text knows its digest."""

from __future__ import annotations


def digest(text: str | bytes) -> str:
    """The SHA-256 of `text` in 64 hexadecimal digits."""
    from hashlib import sha256  # imported here: it loads OpenSSL, which `import billbridge` does not need

    return sha256(text.encode() if isinstance(text, str) else text).hexdigest()
