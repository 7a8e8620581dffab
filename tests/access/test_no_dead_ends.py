"""No page leads its reader to what is not theirs: every link on every page, followed by everybody."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

import pytest

from tests.access.matrix import PEOPLE
from tests.access.stage import Stage, rules_of

_LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"]*)"')
_CLOSED = {403, 404}
_ENOUGH = 4
"""Pages of one kind that are opened for one person: a calendar leads to the next week for ever."""


def walk(stage: Stage, who: str) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """What every address answers one person that is about Zofia or that a page leads to; and every (page, link)."""
    waiting = sorted(
        path for rule in rules_of(stage.app) if "GET" in (rule.methods or set()) for path in stage.paths_of(rule)
    )
    answers: dict[str, int] = {}
    links: list[tuple[str, str]] = []
    opened: Counter[str] = Counter()
    while waiting:
        path = waiting.pop()
        kind = re.sub(r"\d+", "0", path.partition("?")[0])
        if path in answers or opened[kind] == _ENOUGH:
            continue
        opened[kind] += 1
        answer = stage.open(path, "GET", who)
        answers[path] = answer.status_code
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found = {unescape(href).partition("#")[0] for href in _LINK.findall(answer.text)}
            links += [(path, href) for href in sorted(found)]
            waiting += found
        answer.close()
    return answers, links


@pytest.mark.parametrize("who", [one for one in PEOPLE if one != "leaver"])
def test_no_page_leads_its_reader_to_what_is_not_theirs(stage: Stage, who: str) -> None:
    answers, links = walk(stage, who)
    assert len(links) > 3
    assert [f"{page} leads to {href}" for page, href in links if answers.get(href) in _CLOSED] == []
