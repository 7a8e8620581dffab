"""Atkinson Hyperlegible Next for every PDF: found, registered, and asked which letters it has.

The font covers European Latin. A sign that it lacks is never printed as an empty box: known signs are written in plain
characters, the rest become a visible mark and a warning that travels with the document.
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD, ITALIC = "AtkinsonNext", "AtkinsonNext-Bold", "AtkinsonNext-Italic"
FILES = {
    REGULAR: "AtkinsonHyperlegibleNext-Regular.ttf",
    BOLD: "AtkinsonHyperlegibleNext-Bold.ttf",
    ITALIC: "AtkinsonHyperlegibleNext-Italic.ttf",
}
FOLDER_VARIABLE = "GRADUATED_FONTS"
SUBSTITUTE = "[?]"

_PLAIN = {
    "≥": ">=",
    "≤": "<=",
    "≠": "not equal to",
    "≈": "about ",
    "→": "->",
    "←": "<-",
    "↔": "<->",
    "⇒": "=>",
    "✓": "[yes]",
    "✔": "[yes]",
    "☑": "[x]",
    "☒": "[x]",
    "✗": "[no]",
    "✘": "[no]",
    "☐": "[ ]",
    "□": "[ ]",
    "■": "•",
    "▪": "•",
    "●": "•",
    "‣": "•",
    "◦": "•",
    "○": "o",
    "′": "'",
    "″": '"',
    "‑": "-",
    "‒": "–",
    "―": "—",
    "⁄": "/",
    "½": "1/2",
    "¼": "1/4",
    "¾": "3/4",
    "ﬁ": "fi",
    "ﬂ": "fl",
}
_SPACES = re.compile("[\t\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")


class FontsMissingError(RuntimeError):
    """The font files are not where they should be."""


def folder() -> Path:
    """Where the font files are: the folder named by GRADUATED_FONTS, the installed package, or the checkout."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    here = Path(__file__).resolve()
    inside = here.parents[1] / "static" / "vendor" / "fonts"
    return inside if inside.is_dir() else here.parents[3] / "static" / "vendor" / "fonts"


def register(where: Path | None = None) -> frozenset[int]:
    """Register the three faces once and return the characters that all of them have.

    Raises FontsMissingError with the way to mend it when a file is not there: a document in another font would lose
    letters of people's names.
    """
    return _register(str(where or folder()))


@cache
def _register(where: str) -> frozenset[int]:
    covered: frozenset[int] | None = None
    for name, file in FILES.items():
        path = Path(where) / file
        if not path.is_file():
            raise FontsMissingError(
                f"The font file {path} is missing, so no document can be made. Prepare the static files again: in a "
                f"checkout run run.py, on a server install the wheel again, or set {FOLDER_VARIABLE} to their folder."
            )
        font = TTFont(name, str(path))
        pdfmetrics.registerFont(font)
        glyphs = frozenset(font.face.charToGlyph)
        covered = glyphs if covered is None else covered & glyphs
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD)
    rl_config.canvas_basefontname = REGULAR
    rl_config.useA85 = 0  # streams as bytes, not as letters, which the last step would have to undo
    return covered or frozenset()


@dataclass
class Letters:
    """Turns typed text into what the font prints, and remembers what it could not."""

    covered: frozenset[int]
    missing: dict[str, str] = field(default_factory=dict)
    _cleaned: dict[str, str] = field(default_factory=dict)

    def clean(self, text: str) -> str:
        """The text in characters that have a glyph. Line breaks stay, tabs become spaces, unseen signs go."""
        known = self._cleaned.get(text)
        if known is None:
            known = self._cleaned[text] = self._clean(text)
        return known

    def _clean(self, text: str) -> str:
        text = _BREAKS.sub("\n", unicodedata.normalize("NFC", text))
        text = _SPACES.sub(" ", _UNSEEN.sub("", text))
        if self.covered.issuperset(map(ord, set(text) - {"\n"})):
            return text
        return self._replaced(text)

    def _replaced(self, text: str) -> str:
        out: list[str] = []
        for char in text:
            if char == "\n" or ord(char) in self.covered:
                out.append(char)
            elif char in _PLAIN:
                out.append(_PLAIN[char])
            elif unicodedata.category(char) in ("Mn", "Me", "Cf") and out and out[-1] == SUBSTITUTE:
                continue
            else:
                self.missing.setdefault(char, text)
                if not out or out[-1] != SUBSTITUTE:
                    out.append(SUBSTITUTE)
        return "".join(out)

    def warnings(self) -> tuple[str, ...]:
        """A sentence for each character that could not be printed, with the words it stands in."""
        return tuple(
            f"{_name(char)} cannot be printed and is shown as {SUBSTITUTE} in “{_excerpt(char, text)}”."
            for char, text in self.missing.items()
        )


def _name(char: str) -> str:
    return f"The character {char} (U+{ord(char):04X}, {unicodedata.name(char, 'unnamed').lower()})"


def _excerpt(char: str, text: str) -> str:
    at = text.index(char)
    return " ".join(text[max(0, at - 20) : at + 20].split())
