"""What may stand in a diary: it is shared and shows on lock screens, so it never names a child."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Letters with a stroke, which are one letter to Unicode and not a letter with a mark.
_STROKES = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ħ": "h", "ı": "i"})


def names_somebody(text: str, names: Iterable[str]) -> bool:
    """Whether a text holds one of the words of these names, however it is typed: capitals and accents do not count.

    "zofias house" names Zofia; "Roomy Hall" does not name Rooma. Single letters (an initial, the O of O'Brien) are no
    names.
    """
    own = {word for name in names for word in _words(name) if len(word) > 1}
    return any(word in own or word.removesuffix("s") in own for word in _words(text))


def _words(text: str) -> list[str]:
    """The words of a text in small letters without their marks."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    return re.findall(r"\w+", "".join(letter for letter in apart if not unicodedata.combining(letter)))
