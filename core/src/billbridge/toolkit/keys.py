"""The check of API keys and other secrets before a plugin puts them into a header."""

from __future__ import annotations

from collections.abc import Mapping

from billbridge.errors import ConfigurationError

_NOTHING: Mapping[str, str] = {}


def checked_key(
    key: str, *, provider: str, hint: str | None, param: str = "api_key", refused: Mapping[str, str] = _NOTHING, also_not: str = ""
) -> str:
    """Return `key` if it can be sent. An empty key passes: whether one is needed is known only when a request needs it.

    `refused` maps a prefix to what such a key is, such as "a key of another vendor". `also_not` lists more characters that the key must
    not hold. Raises `ConfigurationError` for a refused prefix, a space, a character that is not printable ASCII, or one of `also_not`. The
    error shows no part of the key.
    """
    if not (key.isascii() and all(each.isprintable() and each != " " and each not in also_not for each in key)):
        forbidden = "".join(f", {each!r}" for each in also_not)
        raise ConfigurationError(
            f"{param} holds a space{forbidden} or a character that is not printable ASCII", param=param, provider=provider, hint=hint
        )
    for prefix, what in refused.items():
        if key.startswith(prefix):
            raise ConfigurationError(f"{param} looks like {what}", param=param, provider=provider, hint=hint)
    return key
