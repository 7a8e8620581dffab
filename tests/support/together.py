"""Tests that share what was made once stay with one of the workers, and the longest begin first.

`--dist loadgroup` writes the group of a test into its name, which pytest has not let it do since 9.2: every group was
torn in two, and what it shares was made by both. Here each worker writes down the groups, and who hands out the tests
reads that.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

FIRST = ("browser_walk", "browser", "demo", "the demo made")
"""The groups that take minutes: begun last, one would keep its worker busy while the others have nothing left."""
PLACE = "GRADUATED_TEST_GROUPS"


def group_of(item: pytest.Item) -> str:
    """The names of the groups of a test; nothing for one that shares nothing."""
    marks = item.iter_markers("xdist_group")
    return "_".join(sorted({str(one.args[0]) for one in marks}))


def keep_files_together(items: list[pytest.Item]) -> None:
    """A file's tests are a group when something is made once for the file; not those that are in a group anyway."""
    for item in items:
        if "browser" in item.path.parts or item.get_closest_marker("xdist_group") is not None:
            continue
        known = getattr(item, "_fixtureinfo", None)
        if known is not None and any(one[-1].scope == "module" for one in known.name2fixturedefs.values()):
            item.add_marker(pytest.mark.xdist_group(f"{item.path.parent.name}/{item.path.name}"))


def longest_first(items: list[pytest.Item]) -> None:
    """Groups before tests that are alone, which fill what is left; each group in one piece."""
    places: dict[str, int] = {name: number for number, name in enumerate(FIRST)}
    for item in items:
        places.setdefault(group_of(item), len(places))
    alone = len(places)
    items.sort(key=lambda item: places[group_of(item)] if group_of(item) else alone)


class Groups(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out whole groups, and every other test by itself."""

    names: dict[str, str] | None = None

    def _split_scope(self, nodeid: str) -> str:
        if self.names is None:
            self.names = json.loads(Path(os.environ[PLACE]).read_text())
        return self.names.get(nodeid, nodeid)


def begin(config: pytest.Config) -> None:
    """Where the workers of this run write: a file that they find in their environment."""
    if config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="graduated-groups-")
        os.environ[PLACE] = str(Path(folder.name) / "groups.json")
        config.option.loadscopereorder = False
        config.add_cleanup(folder.cleanup)


def write_down(session: pytest.Session) -> None:
    """For who hands out the tests; every worker has collected the same, and puts its own file in the other's place."""
    if hasattr(session.config, "workerinput") and PLACE in os.environ:
        place = Path(os.environ[PLACE])
        own = place.with_name(f"{os.getpid()}.json")
        own.write_text(json.dumps({item.nodeid: group for item in session.items if (group := group_of(item))}))
        own.replace(place)


def scheduler(config: pytest.Config, log: Any) -> Groups | None:
    """Ours in the place of the one that `--dist loadgroup` names."""
    return Groups(config, log) if config.getoption("dist") == "loadgroup" else None
