"""The check of keys before they go into a header."""

from __future__ import annotations

import pytest
from billbridge.errors import ConfigurationError
from billbridge.toolkit.keys import checked_key


@pytest.mark.parametrize("key", ["", "abc", "a:b", "~!"])
def test_a_key_of_printable_ascii_is_returned(key: str) -> None:
    assert checked_key(key, provider="toy", hint=None) == key


@pytest.mark.parametrize("key", [" ", "a b", "a\r\nX-Evil: 1", "é", "a\x7f", "a\x00"])
def test_a_key_that_could_forge_a_header_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        checked_key(key, provider="toy", param="token", hint="copy it again")
    error = caught.value
    assert error.message == "token holds a space or a character that is not printable ASCII"
    assert (error.param, error.provider, error.hint) == ("token", "toy", "copy it again")


def test_more_characters_can_be_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"api_key holds a space, ':' or a character that is not printable ASCII"):
        checked_key("a:b", provider="toy", hint=None, also_not=":")


def test_a_prefix_of_another_vendor_is_named() -> None:
    with pytest.raises(ConfigurationError) as caught:
        checked_key("other_secret", provider="toy", hint="pass a key of toy", refused={"other_": "a key of Other (other_…)"})
    assert (caught.value.message, caught.value.hint) == ("api_key looks like a key of Other (other_…)", "pass a key of toy")
