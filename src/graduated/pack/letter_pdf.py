"""A letter to a parent on paper: the school's head, the words, and the right to ask the authority at its foot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from graduated.pack import fonts, wording
from graduated.pack.content import School
from graduated.pack.flow import Flow
from graduated.pack.fonts import Letters
from graduated.pack.press import Furniture, Rendered, press

_SCALE = 1.22
_TO_SIGN = (1.16, 1.08, 1.0)  # smaller by steps, so that no signature stands alone on a page of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter. `text` has one line for each paragraph; `authority` is whom a family can ask itself, or "".

    `signers` are (as what, name) of those who sign it on paper.
    """

    school: School
    subject: str
    text: str
    moment: datetime
    authority: str = ""
    signers: tuple[tuple[str, str], ...] = ()


def unprintable(text: str) -> tuple[str, ...]:
    """The characters that the font of the letters lacks and that have no plain sign to stand for them."""
    letters = Letters(fonts.register())
    letters.clean(text)
    return tuple(letters.missing)


def render_letter(letter: Letter) -> Rendered:
    """The letter as an accessible PDF; the same letter and moment give the same bytes."""
    moment = letter.moment if letter.moment.tzinfo else letter.moment.replace(tzinfo=UTC)
    furniture = Furniture(
        title=letter.subject,
        author=letter.school.name,
        subject=letter.subject,
        running=letter.school.name,
        mark="Confidential",
        foot=" · ".join(part for part in (letter.school.address, letter.school.telephone) if part),
        moment=moment,
    )
    if not letter.signers:
        return press(furniture, partial(_letter, letter, moment), _SCALE)
    tries = (press(furniture, partial(_letter, letter, moment), scale) for scale in _TO_SIGN)
    made = next(tries)
    for smaller in tries:
        if made.pages == 1:
            break
        made = smaller
    return made


def _letter(letter: Letter, moment: datetime, flow: Flow) -> None:
    flow.heading(1, letter.subject, listed=False)
    flow.text(wording.day(moment.date()))
    for line in letter.text.splitlines():
        if line.strip():
            flow.text(line.strip())
            if letter.signers and line.rstrip().endswith(":"):
                flow.lines_to_write()
        else:
            flow.gap(6)
    if letter.signers:
        flow.gap(10)
        flow.signatures(letter.signers)
    if letter.authority:
        flow.gap(10)
        flow.text(
            f"You can ask {letter.authority} for an education, health and care needs assessment yourself, at any time."
        )
