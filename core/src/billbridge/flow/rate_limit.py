"""One limit on requests, as data; what keeps to it is in `billbridge.flow.limiter`, which loads more than `import billbridge` needs."""

from __future__ import annotations

import msgspec

from billbridge.errors import ConfigurationError


class Limit(msgspec.Struct, frozen=True):
    """At most `requests` in any `seconds`."""

    requests: int
    seconds: float

    def __post_init__(self) -> None:
        if self.requests < 1 or self.seconds <= 0:
            raise ConfigurationError("a limit needs at least 1 request and more than 0 seconds", param="limiter")
