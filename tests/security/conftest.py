"""Sites to attack: one as a school runs it, behind TLS; one on the machine itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.security.site import Site
from tests.support.world import World


@pytest.fixture(scope="module")
def site(template: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The world behind TLS."""
    home = tmp_path_factory.mktemp("site") / "home"
    shutil.copytree(template[0], home)
    return Site(home, template[1])
