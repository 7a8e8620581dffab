"""Every word of ours that a family can read, taken from templates and code as they stand."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from graduated.config import resource_folder
from graduated.web.languages import FOLDER, LABELS

SOURCE = Path(__file__).resolve().parents[2] / "src" / "graduated"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
WHO = {"msgid_bugs_address": "the project", "last_translator": "Graduated", "language_team": "Graduated"}
HEADING = "# What a family reads. CONTRIBUTING.md says how to change it."
PYTHON, PAGES = [("**.py", "python")], [("**.html", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true", "encoding": "utf-8", "silent": "false"}}

Message = str | tuple[str, ...]


def messages() -> dict[Message, str]:
    """Each message (singular and plural together) and a place where it is said."""
    found = dict(_marked())
    for kind in LABELS:
        for word in kind:
            found.setdefault(word.label, f"the label of {kind.__name__}.{word.name}")
    return found


def _every(_folder: str) -> bool:
    """Babel leaves out folders that begin with an underscore; ours hold pages."""
    return True


def _marked() -> Iterator[tuple[Message, str]]:
    for folder, method in ((SOURCE, PYTHON), (resource_folder("templates"), PAGES)):
        for name, line, message, _comments, _context in extract_from_dir(
            str(folder), method_map=method, options_map=OPTIONS, keywords=KEYWORDS, directory_filter=_every
        ):
            yield message, f"{name}:{line}"


def bring_up_to_date(code: str) -> int:
    """Give a language's catalogue every message that it lacks, without words yet, and take out what is said nowhere.

    The number of messages that wait for their words. A language that has no catalogue gets one.
    """
    path = FOLDER / code / "LC_MESSAGES" / "graduated.po"
    said, had = messages(), Catalog(locale=code.replace("-", "_"))
    if path.is_file():
        with path.open("rb") as source:
            had = read_po(source, locale=code.replace("-", "_"))
    made = Catalog(had.locale, project="Graduated", version="1", header_comment=HEADING, fuzzy=False, **WHO)
    made.creation_date = made.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # Git knows when; no change by the day
    for message, place in sorted(said.items(), key=lambda one: (one[1].partition(":")[0], str(one[0]))):
        known = had.get(message[0] if isinstance(message, tuple) else message)
        words = known.string if known is not None and not known.fuzzy else ""
        made.add(message, words, auto_comments=[place.partition(":")[0]])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(target, made, width=118)
    return sum(1 for one in made if one.id and not (one.string if isinstance(one.string, str) else all(one.string)))


if __name__ == "__main__":
    for language in sys.argv[1:]:
        print(f"{language}: {bring_up_to_date(language)} messages wait for their words")
