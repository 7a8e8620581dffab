"""Reading a PDF back with the tools that others will use."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

_HEAD, _FOOT, _WIDTH, _HEIGHT = 60, 780, 595, 842  # points from the top: the body lies between


def squeezed(text: str) -> str:
    """Text without white space."""
    return re.sub(r"\s+", "", text)


def text_of(pdf: bytes, folder: Path, *options: str) -> str:
    """What pdftotext reads, in its own order of reading."""
    path = folder / "read.pdf"
    path.write_bytes(pdf)
    command = ["pdftotext", *options, str(path), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def body_of(pdf: bytes, folder: Path, *options: str) -> str:
    """The text without what stands at the head and foot of each page."""
    box = ["-x", "0", "-y", str(_HEAD), "-W", str(_WIDTH), "-H", str(_FOOT - _HEAD)]
    return text_of(pdf, folder, *box, *options)


def pages_of(pdf: bytes, folder: Path) -> list[str]:
    """The text of each page."""
    return text_of(pdf, folder).split("\f")[:-1]


def run(command: list[str], pdf: bytes, folder: Path) -> subprocess.CompletedProcess[str]:
    """A tool on the PDF, given as the last argument."""
    path = folder / "tool.pdf"
    path.write_bytes(pdf)
    return subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)


def strings(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a tree of dataclasses, with where it stands."""
    if isinstance(value, str):
        if type(value) is str:
            yield path, value
    elif is_dataclass(value):
        for entry in fields(value):
            yield from strings(getattr(value, entry.name), f"{path}.{entry.name}")
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from strings(item, f"{path}[{i}]")
