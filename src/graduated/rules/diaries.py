"""What may stand in a diary: it is shared and shows on lock screens, so it never names a child."""

from __future__ import annotations

from collections.abc import Iterable

from graduated.rules.names import holds_a_name


def names_somebody(text: str, names: Iterable[str]) -> bool:
    """Whether a text holds one of the words of these names, however it is typed (`rules.names`).

    "zofias house" names Zofia; "Roomy Hall" does not name Rooma. Single letters (an initial, the O of O'Brien) are no
    names.
    """
    return holds_a_name(text, names)
