"""Whether somebody serves from a home already: allowed, but seldom meant, so it is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None  # type: ignore[assignment]

NAME = "serving.lock"


@contextmanager
def served_from(home: Path) -> Iterator[bool]:
    """Serve from a home; gives whether nobody else does. It ends with the process, however that ends.

    Where it cannot be known (a home that is none yet, a full disc, a share without locks) nobody is taken to.
    """
    try:
        held = (home / NAME).open("w") if fcntl is not None and (home / "secrets").is_dir() else None
    except OSError:
        held = None
    if held is None:
        yield True
        return
    with held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            alone = False
        except OSError:  # pragma: no cover - a share without locks
            alone = True
        else:
            alone = True
        yield alone


def also_served(home: Path) -> str:
    """The sentence for whoever started it twice."""
    return (
        f"Graduated is served from {home} already, perhaps as a service. Both answer now, from the same records, and "
        "nothing is harmed. If you did not mean that, end one of them (Ctrl+C, or systemctl stop graduated)."
    )
