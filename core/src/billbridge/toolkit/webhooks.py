"""Checks of what an application passes to `webhooks.verify`, the same for every provider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from billbridge.errors import ValidationError


def checked_body(body: object) -> bytes:
    """Return the body of a delivery. Raises `ValidationError` if it is not bytes."""
    if isinstance(body, bytes):
        return body
    raise ValidationError(
        f"body must be bytes, not {type(body).__name__}",
        param="body",
        hint="pass the request's body as it came; one that was parsed and written again has another signature",
    )


def header(headers: Mapping[str, str], name: str) -> str:
    """Return a header of a delivery by its name in any case, or "". Raises `ValidationError` if `headers` is not a mapping of text."""
    if not isinstance(headers, Mapping):
        raise ValidationError(f"headers must be a mapping, not {type(headers).__name__}", param="headers", hint="pass request.headers")
    value = headers.get(name)
    if value is None:
        value = next((each for key, each in headers.items() if isinstance(key, str) and key.lower() == name.lower()), "")
    if value is None or isinstance(value, str):
        return value or ""
    raise ValidationError(f"the header {name} must be a string, not {type(value).__name__}", param="headers", hint="decode it as latin-1")


def checked_secrets(secrets: str | Iterable[str]) -> list[str]:
    """Return the secrets as a list. Raises `ValidationError` if there is none, or one is not a string or is empty."""
    known: list[object] = [secrets] if isinstance(secrets, str) or not isinstance(secrets, Iterable) else list(secrets)
    if isinstance(secrets, bytes | bytearray) or not known or not all(map(is_secret, known)):
        raise ValidationError("secrets must be a string or several, none of them empty", param="secrets", hint='pass secrets="whsec_..."')
    return [each for each in known if isinstance(each, str)]


def is_secret(text: object) -> bool:
    """Return whether this can be a secret: text that is not empty and has a UTF-8 form."""
    if not isinstance(text, str):
        return False
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False


def checked_now(now: object) -> datetime:
    """Return the time. Raises `ValidationError` if it is naive, because then it would be wrong by the time zone."""
    if isinstance(now, datetime) and now.tzinfo is not None:
        return now
    what = "a naive datetime" if isinstance(now, datetime) else type(now).__name__
    raise ValidationError(f"now must be a datetime with a time zone, not {what}", param="now", hint="pass datetime.now(UTC)")
