"""Fonts: found or refused loudly, and no letter lost in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from graduated.pack import fonts
from graduated.pack.fonts import FontsMissingError, Letters


@pytest.fixture
def letters() -> Letters:
    return Letters(fonts.register())


def test_a_missing_font_is_refused_with_the_way_to_mend_it(tmp_path: Path) -> None:
    with pytest.raises(FontsMissingError, match=r"AtkinsonHyperlegibleNext-Regular\.ttf is missing.*run\.py"):
        fonts.register(tmp_path)


def test_the_folder_can_be_named_by_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRADUATED_FONTS", str(tmp_path))
    assert fonts.folder() == tmp_path


@pytest.mark.parametrize(
    "words",
    [
        "Zofia Szymańska",
        "Siân Ŵyn Ŷ",
        "Zoë O'Brien",
        "Łódź ąęśćżźół",
        "Řezníček ďťň",
        "Ștefan Țepeș",
        "Ömer Yıldız Ğ",
        "Ásdís Þórðardóttir",
        "Kārlis Ģirts",
        "Märta Åse Ø",
        "“quoted” – dash — £5 €6 · 8½",
    ],
)
def test_european_letters_are_printed_as_typed(letters: Letters, words: str) -> None:
    assert letters.clean(words).replace("1/2", "½") == words
    assert letters.warnings() == ()


def test_letters_typed_in_two_parts_become_one(letters: Letters) -> None:
    assert letters.clean("Szyman\u0301ska") == "Szymańska"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("≥ 5", ">= 5"),
        ("a → b", "a -> b"),
        ("✓", "[yes]"),
        ("☐ done", "[ ] done"),
        ("self‑help", "self-help"),
        ("a\u200bb\ufeff\u00ad", "ab"),
        ("a\tb\u202fc", "a b c"),
        ("a\r\nb\u2028c", "a\nb\nc"),
    ],
)
def test_known_signs_are_written_in_plain_characters(letters: Letters, typed: str, printed: str) -> None:
    assert letters.clean(typed) == printed
    assert letters.warnings() == ()


def test_an_unknown_letter_is_marked_once_for_a_run_and_warned_of(letters: Letters) -> None:
    assert letters.clean("Mum wrote: Добрий день 👩‍👧") == "Mum wrote: [?] [?] [?]"
    warnings = letters.warnings()
    assert any("U+0414" in warning and "Mum wrote" in warning for warning in warnings)
