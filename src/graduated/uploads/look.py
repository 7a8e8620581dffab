"""The process that looks at one file: `python -m graduated.uploads.look PATH [PREVIEW]` says in JSON what it is.

It limits itself before it knows any library, and whatever a file does to it, only it comes to harm.
"""

from __future__ import annotations

import sys
from pathlib import Path

from graduated.uploads import limits
from graduated.uploads.kinds import DAMAGED, DOCX, JPEG, NOT_KEPT, PDF, PNG, TOO_HEAVY, Finding, WrongFile, refusal

_STARTS = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"PK\x03\x04", DOCX))
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LARGEST_PREVIEW = 2 * 1024 * 1024


def kind_by_start(start: bytes) -> str:
    """What a file says it is by its first sixteen bytes. Raises WrongFile."""
    for signature, media_type in _STARTS:
        if start.startswith(signature):
            return media_type
    if not start:
        raise WrongFile("This file is empty. Choose another.")
    if start.startswith(_OLD_WORD):
        raise WrongFile(
            "This is an older Word document (.doc), or one with a password. Save it as a .docx without one."
        )
    if start[4:8] == b"ftyp":
        raise WrongFile("This is a picture or film in a phone’s own form. Save it as a JPEG picture.")
    raise WrongFile(NOT_KEPT)


def look(path: Path, preview: Path | None = None) -> Finding:
    """What a file is, by its content; its name counts for nothing. A preview is made of pictures. Raises WrongFile."""
    with path.open("rb") as file:
        media_type = kind_by_start(file.read(16))
    if media_type == PDF:
        from graduated.uploads import pdf

        return pdf.look(path)
    if media_type == DOCX:
        from graduated.uploads import word

        return word.look(path)
    from graduated.uploads import pictures

    return pictures.look(path, media_type, preview)


def main(arguments: list[str]) -> str:
    """What is said of a file, in one line of JSON."""
    limits.confine(file_bytes=_LARGEST_PREVIEW)
    try:
        return look(Path(arguments[0]), Path(arguments[1]) if len(arguments) > 1 else None).as_json()
    except WrongFile as wrong:
        return refusal(str(wrong))
    except MemoryError:
        return refusal(TOO_HEAVY)
    except Exception:
        return refusal(DAMAGED)


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]))
