"""The fields of a Word document's text: only those by name that show something are taken.

A field's name is its first word as Word itself would read it. A name that another field has to spell out, or that lies
where one reader looks and another does not, cannot be told, and is refused like one that is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from graduated.uploads.kinds import WrongFile

AS_PDF = "Save it as a PDF."
ELSEWHERE = f"This document fetches a part of itself from elsewhere. {AS_PDF}"
_RUN_BY_IT = f"This document starts a program when it is opened. {AS_PDF}"
_NOT_TOLD = f"This document has a field in its text of which it cannot be told what it does. {AS_PDF}"
HARMLESS = frozenset({
    "=", "ADDIN", "ADDRESSBLOCK", "ADVANCE", "AUTHOR", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "BIBLIOGRAPHY",
    "CITATION", "COMMENTS", "CREATEDATE", "DATE", "DISPLAYBARCODE", "DOCPROPERTY", "DOCVARIABLE", "EDITTIME", "EQ",
    "FILENAME", "FILESIZE", "FORMCHECKBOX", "FORMDROPDOWN", "FORMTEXT", "GREETINGLINE", "HYPERLINK", "INDEX", "INFO",
    "KEYWORDS", "LASTSAVEDBY", "LISTNUM", "MERGEFIELD", "MERGEREC", "MERGESEQ", "NEXT", "NOTEREF", "NUMCHARS",
    "NUMPAGES", "NUMWORDS", "PAGE", "PAGEREF", "PRINTDATE", "PRIVATE", "QUOTE", "REF", "REVNUM", "SAVEDATE",
    "SECTION", "SECTIONPAGES", "SEQ", "SHAPE", "STYLEREF", "SUBJECT", "SYMBOL", "TA", "TC", "TEMPLATE", "TIME",
    "TITLE", "TOA", "TOC", "USERADDRESS", "USERINITIALS", "USERNAME", "XE",
})  # fmt: skip
"""Names of fields that show a number, a date, a name, a list or a link to click, and bring nothing in."""
_WORD = frozenset(
    {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    }
)
_ANOTHER = "\x00"
"""Stands in a field's words where another field's result would."""
_NAME = re.compile(r'\s*([^\s\\"]*)')
_INCLUDES = re.compile(r"INCLUDE(TEXT|PICTURE)|(^|\n)\s*(INCLUDE|IMPORT|LINK|DATABASE|RD)\b", re.IGNORECASE)
_STARTS = re.compile(r'(?<![\w/.-])DDE(AUTO)?[\s"]|(^|\n)\s*QUOTE\s+("[^"]*"\s+)?\d+(\s+\d+)+', re.IGNORECASE)
"""A field that starts a program, or that spells out its own command by numbers, as only such fields do."""
_PLACEHOLDER = re.compile(r"\s*MACROBUTTON\s+No\w*(\s|$)", re.IGNORECASE)
"""“Click here and type” in many a form: a button for a macro that does not exist."""


@dataclass(slots=True)
class _Field:
    """A field that is being read: its words by the kind of their element, and in how many foreign elements it began."""

    foreign: int
    words: list[tuple[str, str]] = field(default_factory=list)
    has_result: bool = False
    strays: list[str] = field(default_factory=list)


class Fields:
    """Reads the elements of one part in their order. Raises WrongFile for a field that does more than show."""

    def __init__(self) -> None:
        self._open = [_Field(0, has_result=True)]
        self._foreign = 0
        self._said: list[str] = []

    def take(self, event: str, element: Any) -> None:
        """The start or the end of an element."""
        space, _, kind = str(element.tag).rpartition("}")
        is_foreign = space[1:] not in _WORD
        if is_foreign:
            self._foreign += 1 if event == "start" else -1
            if kind in {"fldChar", "instrText", "delInstrText", "fldSimple"}:
                raise WrongFile(_NOT_TOLD)  # no element of Word's, and one that only some readers pass over
        elif event == "start" and kind == "fldSimple":
            self._simple(value for key, value in element.items() if key.rpartition("}")[2] == "instr")
        elif event == "end" and kind == "fldChar":
            self._turn(next((value for key, value in element.items() if key.endswith("fldCharType")), ""))
        elif event == "end" and kind in {"instrText", "delInstrText", "t", "delText"}:
            self._text(kind, element)

    def finish(self) -> None:
        """The part is over, and what is still open counts too."""
        said = "".join(self._said)
        for each in (said.replace("\n", ""), said):
            if _STARTS.search(each):
                raise WrongFile(_RUN_BY_IT)
            if _INCLUDES.search(each):
                raise WrongFile(ELSEWHERE)
        while self._open:
            _judge(self._open.pop())

    def _simple(self, asked: Iterable[str]) -> None:
        for words in asked:
            self._said += ["\n", words, "\n"]
            self._known(words)
            _check_name(words)
        if not self._open[-1].has_result:
            self._open[-1].words.append(("instrText", _ANOTHER))

    def _turn(self, kind: str) -> None:
        self._said.append("\n")
        now = self._open[-1]
        if kind == "begin":
            if not now.has_result:
                now.words.append(("instrText", _ANOTHER))
                self._same_place(now)
            self._open.append(_Field(self._foreign))
        elif len(self._open) > 1:
            self._same_place(now)
            now.has_result = True
            if kind == "end":
                self._known("".join(words for _, words in now.words))
                _judge(self._open.pop())

    def _text(self, kind: str, element: Any) -> None:
        now, words = self._open[-1], " ".join((element.text or "").split("\n"))
        is_code = kind.endswith("nstrText")
        if is_code:
            self._said.append(words)
            if len(element):
                raise WrongFile(_NOT_TOLD)
        if not now.has_result:
            self._same_place(now)
            now.words.append((kind, words))
        elif is_code:
            now.strays.append(words)

    def _same_place(self, now: _Field) -> None:
        """A choice of two contents, or an element that only some readers know, may not lie within a field's words."""
        if self._foreign != now.foreign:
            raise WrongFile(_NOT_TOLD)

    def _known(self, words: str) -> None:
        """What is certainly a program or a fetched file is called that, before its name is found unknown."""
        if _STARTS.search(words + " "):
            raise WrongFile(_RUN_BY_IT)
        if _INCLUDES.search(words):
            raise WrongFile(ELSEWHERE)


def _judge(one: _Field) -> None:
    """Every way in which a reader may put the words of a field together has to begin with a harmless name."""
    every = "".join(words for _, words in one.words)
    plain = "".join(words for kind, words in one.words if kind == "instrText")
    kept = "".join(words for kind, words in one.words if not kind.startswith("del"))
    for said in (every, plain, kept, "".join(one.strays)):
        _check_name(said)


def _check_name(said: str) -> None:
    found = _NAME.match(said)
    name = found.group(1) if found else ""
    if _ANOTHER in name:
        raise WrongFile(_NOT_TOLD)
    is_known = name.upper() in HARMLESS or name.startswith("=") or _PLACEHOLDER.match(said)
    if said.strip() and not is_known:
        shown = re.sub(r"[^\w.-]", "", name)[:30] or "without a name"
        raise WrongFile(f"This document has a field in its text ({shown}) that may do more than show words. {AS_PDF}")
