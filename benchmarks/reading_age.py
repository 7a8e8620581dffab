"""How hard the family's side is to read: Flesch-Kincaid grade of each page that a parent of the demo school can open.

    python -m venv /tmp/words && /tmp/words/bin/pip install 'textstat==0.7.3' setuptools html5lib
    python3 run.py demo --port 5612
    /tmp/words/bin/python benchmarks/reading_age.py http://127.0.0.1:5612 anna.szymanska@family.example

Six is what an eleven-year-old reads (quality bar: at most 6). Lines of fewer than four words are left out: a label is no
sentence. textstat counts syllables by where a word may be hyphenated, which finds slightly fewer than there are.
"""

from __future__ import annotations

import http.cookiejar
import re
import sys
import urllib.parse
import urllib.request
from html import unescape
from typing import Any

import html5lib
import textstat  # type: ignore[import-not-found, unused-ignore]

PASSWORD = "marmalade kestrel umbrella"  # noqa: S105  (the demo school’s, on its sign-in page)
XHTML = "{http://www.w3.org/1999/xhtml}"
BLOCKS = {"p", "li", "h1", "h2", "h3", "dt", "dd", "td", "th", "div", "section", "summary", "figcaption"}
LEFT_OUT = {"script", "style", "svg", "nav", "form"}
FEWEST = 4


def _lines(element: Any, lines: list[str], line: list[str]) -> None:
    """The words of each block, in their order."""
    tag = element.tag.replace(XHTML, "") if isinstance(element.tag, str) else ""
    if tag in LEFT_OUT:
        return
    if tag in BLOCKS:
        lines.append("".join(line))
        line.clear()
    line.append(element.text or "")
    for child in element:
        _lines(child, lines, line)
        line.append(child.tail or "")
    if tag in BLOCKS:
        lines.append("".join(line))
        line.clear()


def words_of(page: str) -> str:
    """What a parent reads in the main part of a page, as sentences."""
    main = next(one for one in html5lib.parse(page).iter() if one.tag == f"{XHTML}main")
    lines: list[str] = []
    _lines(main, lines, [])
    said = [" ".join(one.split()) for one in lines]
    return " ".join(one if one[-1] in ".?!:" else f"{one}." for one in said if len(one.split()) >= FEWEST)


def main(base: str, email: str) -> None:
    """Sign in, follow every link of the family's side, print a table."""
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(jar)
    page = browser.open(f"{base}/sign-in").read().decode()
    hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    typed = urllib.parse.urlencode({**hidden, "email": email, "password": PASSWORD}).encode()
    todo, seen = [urllib.parse.urlsplit(browser.open(f"{base}/sign-in", typed).geturl()).path], set[str]()
    print("| Page | Words | Grade |\n|---|---|---|")
    while todo:
        path = todo.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = browser.open(f"{base}{path}")
        if "text/html" not in answer.headers["Content-Type"]:
            continue
        page = answer.read().decode()
        words = words_of(page)
        print(f"| {path} | {len(words.split())} | {textstat.flesch_kincaid_grade(words):.1f} |")
        todo += [unescape(one) for one in re.findall(r'href="(/family[^"#?]*)"', page)]


if __name__ == "__main__":
    main(*sys.argv[1:])
