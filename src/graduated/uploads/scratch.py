"""A folder for the time that a stranger's file is worked on; what a killed process left in one goes with the next."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "graduated-scratch-"
_OLD = 3600.0


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder of its own, readable by this account alone, gone afterwards."""
    sweep()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        yield Path(name)


def sweep(older_than: float = _OLD) -> int:
    """Remove folders of this account that nobody has touched for so many seconds; how many went."""
    gone = 0
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # gone meanwhile, or of another account
            about = path.lstat()
            is_ours = not hasattr(os, "getuid") or about.st_uid == os.getuid()
            if is_ours and path.is_dir() and not path.is_symlink() and time.time() - about.st_mtime > older_than:
                shutil.rmtree(path)
                gone += 1
    return gone
