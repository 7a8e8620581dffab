"""A small installation with papers in its store, a folder on "another disk", and the key that lies in the safe."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from graduated.access.identity import acting, system_actor
from graduated.app import create_app
from graduated.backup import keys, making, places, sheets
from graduated.config import Settings
from graduated.db.session import db
from graduated.ehcna.build import build
from tests.conftest import settings_in
from tests.support.world import World


@dataclass
class Safe:
    """An installation, its place of backups, and what is printed on the sheet in the safe."""

    settings: Settings
    place: Path
    key_sheet: str

    @property
    def key(self) -> keys.PrivateKey:
        """The private key."""
        return keys.private_key(self.key_sheet)

    def make(self) -> sheets.Sheet:
        """Back up; gives the sheet of it."""
        made = making.make(self.settings)
        return sheets.read(self.place / f"{made.name}{sheets.SHEET}")

    def archive(self, sheet: sheets.Sheet) -> Path:
        """The archive of a backup."""
        return self.place / f"{sheet.name}{sheets.ARCHIVE}"


def safe_in(home: Path, place: Path) -> Safe:
    """An installation that has a key and a place."""
    settings = settings_in(home)
    place.mkdir()
    sheet = keys.make(settings)
    places.add(settings, place)
    return Safe(settings, place, sheet)


@pytest.fixture(scope="session")
def with_pack(template: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world with a built pack in it, so that there are files in the store. To be copied."""
    home = tmp_path_factory.mktemp("backup") / "home"
    shutil.copytree(template[0], home)
    world, app = template[1], create_app(settings_in(home), testing=True)
    with app.app_context():
        with acting(system_actor(world.school_id, "Tests")):
            build(world.pupils["zofia"], None, "Hannah Legg")
        db.session.remove()
        db.engine.dispose()
    return home


@pytest.fixture
def safe(with_pack: Path, tmp_path: Path) -> Safe:
    """An installation of this test's own."""
    shutil.copytree(with_pack, tmp_path / "home")
    return safe_in(tmp_path / "home", tmp_path / "disk")


@pytest.fixture(scope="module")
def made(with_pack: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Safe, sheets.Sheet]:
    """One finished backup; who damages it takes a copy of its place."""
    base = tmp_path_factory.mktemp("made")
    shutil.copytree(with_pack, base / "home")
    safe = safe_in(base / "home", base / "disk")
    return safe, safe.make()
