"""The stage on which every route is asked by everybody."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.access.stage import Stage
from tests.support.world import World


@pytest.fixture(scope="module")
def stage(template: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Stage:
    home = tmp_path_factory.mktemp("matrix") / "home"
    shutil.copytree(template[0], home)
    return Stage(home, template[1])
