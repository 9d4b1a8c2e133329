"""Bodies on disk, for the rows without HTTP. Apart from what makes them, so that no contender's process loads the sandbox."""

from __future__ import annotations

from pathlib import Path

import msgspec


def write(file: Path, bodies: list[bytes]) -> None:
    """Keeps the bodies."""
    file.write_bytes(msgspec.msgpack.encode(bodies))


def read(file: Path | str) -> list[bytes]:
    """The bodies that `write` kept."""
    return msgspec.msgpack.decode(Path(file).read_bytes(), type=list[bytes])
