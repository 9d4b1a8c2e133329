from __future__ import annotations

from urllib.parse import quote_plus

from billbridge.toolkit.forms import form_text
from hypothesis import example, given
from hypothesis import strategies as st


@given(st.text())
@example("ada@example.com")
@example("a b+c%&=~_.-[]é漢😀")
@example("".join(map(chr, range(5000))))
def test_text_is_written_as_the_standard_library_writes_it(text: str) -> None:
    assert form_text(text) == quote_plus(text)
