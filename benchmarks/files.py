"""Bodies on disk for rows without HTTP. A module of its own, so that the process of a contender does not load the sandbox."""

from __future__ import annotations

from pathlib import Path

import msgspec


def write(file: Path, bodies: list[bytes]) -> None:
    """Write the bodies to a file."""
    file.write_bytes(msgspec.msgpack.encode(bodies))


def read(file: Path | str) -> list[bytes]:
    """Return the bodies that `write` wrote."""
    return msgspec.msgpack.decode(Path(file).read_bytes(), type=list[bytes])
