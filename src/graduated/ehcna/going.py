"""What would be sent with a request, by name, for who is asked to agree to it."""

from __future__ import annotations

from graduated.db.clock import today
from graduated.ehcna.queries_chosen import PaperLine, papers_of_request
from graduated.request.queries import RequestRow
from graduated.rules.vocabulary import Visibility
from graduated.web.filters import long_date

_BEFORE = "Please ring"
"""Where a list stands in the school's wording: before the answers; at its end where a school words that otherwise."""


def with_what_goes(text: str, row: RequestRow) -> str:
    """The words of the paper to sign, with everything that would go, and where it goes."""
    lines = text.splitlines()
    at = next((number for number, line in enumerate(lines) if line.startswith(_BEFORE)), len(lines))
    while at and not lines[at - 1].strip():
        at -= 1
    return "\n".join((*lines[:at], what_goes(row), *lines[at:]))


def what_goes(row: RequestRow) -> str:
    """One paragraph. Papers that are not for families are not told of, nor counted: some are about others."""
    named = [_words(one) for one in papers_of_request(row).going if one.paper.visibility is Visibility.FAMILY]
    papers = f", with these papers, which you can read: {'; '.join(named)}" if named else ""
    return (
        f"On {long_date(today())} that is the pack drawn from these records{papers}. Ask us about anything that goes. "
        "You get a copy of the pack if you wish; nothing goes to anybody else unless you name them below."
    )


def interpreted(text: str, interpreter: str) -> str:
    """The words of the paper, saying who helps to read it where the family needs an interpreter."""
    if not interpreter:
        return text
    lines = text.splitlines()
    at = next((number for number, line in enumerate(lines) if line.startswith(_BEFORE)), len(lines))
    said = f"We will go through this form with you and an interpreter ({interpreter}) before you sign it."
    return "\n".join((*lines[:at], said, *lines[at:]))


def _words(one: PaperLine) -> str:
    dated = f", {long_date(one.paper.dated)}" if one.paper.dated else ""
    return f"“{one.paper.title}” ({one.paper.kind.inside}{dated})"
