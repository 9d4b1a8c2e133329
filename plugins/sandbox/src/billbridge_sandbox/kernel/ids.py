"""Ids that look like a vendor's, the same in every run of one seed. They are not secret: never use them as keys."""

from __future__ import annotations

from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PAIRS = [low + high for high in ALPHABET for low in ALPHABET]


class Ids:
    """A source of unique ids. Two sources of one seed give the same ids in the same order."""

    def __init__(self, seed: int | str) -> None:
        self._seed = seed
        self._count = 0

    def next(self, prefix: str = "", length: int = 14) -> str:
        """A new id: `prefix` and `length` letters and digits."""
        self._count += 1
        number = int.from_bytes(sha256(f"{self._seed}:{self._count}".encode()).digest())
        pairs: list[str] = []
        for _ in range(0, length, 2):  # by pairs, because a division of a number of this size is slow
            number, digits = divmod(number, len(_PAIRS))
            pairs.append(_PAIRS[digits])
        return prefix + "".join(pairs)[:length]
