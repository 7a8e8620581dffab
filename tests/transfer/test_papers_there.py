"""Papers that come with a record and lie in the store already, of another record."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db import hooks
from graduated.ops.verify import verify_all
from graduated.transfer import services
from graduated.transfer.reading import read


def test_a_paper_that_went_from_another_record_just_before_comes_with_its_own(
    bundle: Path, next_school: tuple[Flask, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lay there when the bundle was looked through, and went by law before the act began."""
    app, school_id = next_school
    store = app.extensions["files"]
    with zipfile.ZipFile(bundle) as file:
        papers = [store.put([file.read(name)]) for name in file.namelist() if name.startswith("files/")]
    assert papers

    def gone(*_about: object) -> None:
        for one in papers:
            store.path(one.sha256).unlink(missing_ok=True)

    monkeypatch.setattr(hooks, "write_opened", [*hooks.write_opened, gone])
    with app.app_context(), acting(system_actor(school_id, "Ines Marlow")):
        services.bring_in(bundle, read(bundle).sha256)
        assert all(store.path(one.sha256).exists() for one in papers)
        answer = verify_all()
        assert answer.whole, answer.as_text()
