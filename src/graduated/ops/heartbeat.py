"""The worker's sign of life, in a small file beside the records: who asks whether it is well never waits for it."""

from __future__ import annotations

import os
import time
from pathlib import Path

from graduated.config import Settings

SILENT_FOR = 300.0
"""Seconds without a sign after which the worker is taken for dead; a job gives one after each of its steps."""


def place(settings: Settings) -> Path:
    """Where the sign is."""
    return settings.home / "run" / "worker"


def beat(settings: Settings) -> None:
    """Give a sign. A disc that cannot be written to is told elsewhere, and ends no work."""
    sign = place(settings)
    try:
        sign.parent.mkdir(mode=0o700, exist_ok=True)
        sign.write_text(f"{os.getpid()}\n")
    except OSError:
        return


def silent_for(settings: Settings) -> float | None:
    """Seconds since the last sign; None when there was never one."""
    try:
        return max(time.time() - place(settings).stat().st_mtime, 0.0)
    except OSError:
        return None
