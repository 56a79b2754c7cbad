"""Keys as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.api_key import KeyTextError, clean_key, masked

_SENDABLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("sk-abc", "sk-abc"),
        ("  sk-abc\r\n", "sk-abc"),
        ("sk-ab\n  cd", "sk-abcd"),
        ("\u3000sk-abc\xa0", "sk-abc"),
        ("Bearer sk-abc", "sk-abc"),
        ("bearer\tsk-abc", "sk-abc"),
        ("Bearer\nsk-abc", "sk-abc"),
        ("Authorization: Bearer sk-abc", "sk-abc"),
        ("Bearer", ""),
        ("Bearer  ", ""),
        ("bearersk-abc", "bearersk-abc"),
        ("sk-bearer abc", "sk-bearerabc"),
        ("", ""),
        (" \n", ""),
    ],
    ids=repr,
)
def test_cleaned(text, key):
    assert clean_key(text) == key


@pytest.mark.parametrize(
    ("text", "position", "name"),
    [
        ("sk-\u200babc", 3, "ZERO WIDTH SPACE"),
        ("“sk-abc”", 0, "LEFT DOUBLE QUOTATION MARK"),
        ("sk-abc\x00", 6, "U+0000"),
        ("sk\x7f", 2, "U+007F"),
        ("sk\x1babc", 2, "U+001B"),
        ("ｓk-abc", 0, "FULLWIDTH LATIN SMALL LETTER S"),
        ("\ufeffsk-abc", 0, "ZERO WIDTH NO-BREAK SPACE"),
        ("sk-\ud800", 3, "U+D800"),
        ("密钥", 0, "CJK UNIFIED IDEOGRAPH-5BC6"),
    ],
    ids=repr,
)
def test_what_cannot_be_sent_is_named(text, position, name):
    with pytest.raises(KeyTextError) as refused:
        clean_key(text)
    assert (refused.value.position, refused.value.character_name) == (position, name)
    assert str(refused.value) == f"character {position + 1} is {name}"


@given(st.text())
def test_a_key_is_refused_or_can_stand_in_a_header(text):
    try:
        key = clean_key(text)
    except KeyTextError:
        assert any(not "!" <= character <= "~" for character in text)
        return
    assert key.isascii()
    assert all("!" <= character <= "~" for character in key)


@given(_SENDABLE.filter(lambda key: not key.casefold().startswith(("bearer", "authorization"))))
def test_a_clean_key_stays_as_it_is(key):
    assert clean_key(key) == clean_key(f" Bearer {key}\n") == key


@given(_SENDABLE)
def test_a_mask_shows_at_most_a_third(key):
    shown = masked(key).lstrip("•")
    assert len(shown) * 3 <= len(key)
    assert key.endswith(shown)


def test_short_keys_are_hidden_altogether():
    assert masked("sk-12345678") == "••••"
    assert masked("sk-123456789") == "••••6789"
    assert masked("") == "••••"
