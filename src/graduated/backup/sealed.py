"""Small files beside the archives that anybody may read and that say of themselves whether they are whole."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from graduated.backup.errors import Damaged
from graduated.db.files import settle

_LEAD = "sha256 "
ASIDE = ".graduated-"
"""How the name of a file begins that has not taken its place yet."""


def canonical(data: Any) -> bytes:
    """Data as the one text that is hashed."""
    return json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def mac(key: bytes, data: Any) -> str:
    """What only this installation (or who restored it) can have written under the data."""
    return hmac.new(key, b"graduated backup\n" + canonical(data), hashlib.sha256).hexdigest()


def write(path: Path, data: Any) -> None:
    """Write the data with its hash on the first line: whole, on the disc and in its place, or not there at all."""
    body = canonical(data)
    replace(path, f"{_LEAD}{hashlib.sha256(body).hexdigest()}\n".encode() + body + b"\n")


def read(path: Path) -> Any:
    """The data of such a file, or Damaged: one byte that is not as it was written is enough."""
    try:
        lead, _, body = path.read_bytes().partition(b"\n")
    except OSError as error:
        raise Damaged(f"{path} cannot be read: {error.strerror}.") from error
    text = body.removesuffix(b"\n")
    if len(text) + 1 != len(body) or lead != f"{_LEAD}{hashlib.sha256(text).hexdigest()}".encode():
        raise Damaged(f"{path} is damaged.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:  # a hash can be written over anything
        raise Damaged(f"{path} is damaged.") from error


def replace(path: Path, content: bytes) -> None:
    """Put a file in the place of an older one, so that a power cut leaves one or the other."""
    handle, name = tempfile.mkstemp(prefix=ASIDE, suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    settle(path.parent)
