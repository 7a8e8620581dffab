"""A Word document as a PDF, by the LibreOffice of the machine when it has one; without it, nothing is converted."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from graduated.uploads.limits import is_within
from graduated.uploads.scratch import scratch

SECONDS = 60.0
_NAMES = ("soffice", "libreoffice")
_APART = ("unshare", "--map-root-user", "--net", "--")  # a network of its own with nobody in it
_NOWHERE = "http://127.0.0.1:9"


def office() -> str | None:
    """The path of LibreOffice, if this machine has it."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def as_pdf(document: Path, out: Path, seconds: float = SECONDS) -> bool:
    """Write a Word document that was looked at to `out` as a PDF; whether it worked.

    LibreOffice runs with a home of its own that is thrown away, within a time, and cut off from the network where the
    system lets us; elsewhere it is pointed at a door that nobody answers.
    """
    program = office()
    if program is None:
        return False
    with scratch() as folder:
        name = str(folder)
        shutil.copyfile(document, folder / "document.docx")
        env = {
            "PATH": os.environ.get("PATH", ""), "HOME": name, "TMPDIR": name, "LANG": "C.UTF-8",
            "http_proxy": _NOWHERE, "https_proxy": _NOWHERE, "HTTP_PROXY": _NOWHERE, "HTTPS_PROXY": _NOWHERE,
        }  # fmt: skip
        command = [
            *_cut_off(folder, env), program, "--headless", "--norestore", "--nolockcheck", "--nodefault",
            f"-env:UserInstallation={(folder / 'home').as_uri()}", "--convert-to", "pdf", "--outdir", name,
            str(folder / "document.docx"),
        ]  # fmt: skip
        made = folder / "document.pdf"
        if not is_within(seconds, command, env, folder) or not made.is_file():
            return False
        shutil.move(made, out)
    return True


def _cut_off(folder: Path, env: dict[str, str]) -> tuple[str, ...]:
    tool = shutil.which(_APART[0])
    return _APART if tool and is_within(5.0, [*_APART, "true"], env, folder) else ()
