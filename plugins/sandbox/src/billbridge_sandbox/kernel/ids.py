"""Ids that look like a vendor's, the same in every run of one seed. They are not secret: never use them as keys."""

from __future__ import annotations

from hashlib import sha512

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))


class Ids:
    """A source of unique ids. Two sources of one seed give the same ids in the same order."""

    def __init__(self, seed: int | str) -> None:
        self._seed = seed
        self._count = 0

    def next(self, prefix: str = "", length: int = 14) -> str:
        """A new id: `prefix` and `length` letters and digits, at most 64."""
        self._count += 1
        return prefix + letters_for(f"{self._seed}:{self._count}", length)


def letters_for(text: str, length: int) -> str:
    """Letters and digits, at most 64, that are always the same for a text."""
    return sha512(text.encode()).digest().translate(_LETTERS)[:length].decode()
