"""One rate limit, as data. `billbridge.flow.limiter` applies it, and loads more than `import billbridge` needs."""

from __future__ import annotations

import msgspec

from billbridge.errors import ConfigurationError


class Limit(msgspec.Struct, frozen=True):
    """A rate limit: at most `requests` in any period of `seconds`. Raises `ConfigurationError` unless both are more than 0."""

    requests: int
    seconds: float

    def __post_init__(self) -> None:
        for name, value, kinds in (("requests", self.requests, (int,)), ("seconds", self.seconds, (int, float))):
            if isinstance(value, bool) or not isinstance(value, kinds):
                raise ConfigurationError(f"{name} of a limit must be a number, not {type(value).__name__}", param="limiter")
        if self.requests < 1 or not self.seconds > 0:
            raise ConfigurationError(
                f"a limit needs at least 1 request and more than 0 seconds, not {self.requests} in {self.seconds}", param="limiter"
            )
