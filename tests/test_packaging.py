"""The wheel has everything, and works when it is installed alone, far from the checkout."""

import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest

import build_assets
import run

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("src", "templates", "static", "migrations")
# One process builds and installs for the whole file, also with two workers.
pytestmark = pytest.mark.xdist_group("wheel")


def copy_of_checkout(target: Path) -> Path:
    """The files that a build reads, in a folder of their own: building writes beside the source."""
    left_out = shutil.ignore_patterns("__pycache__", "*.pyc", "*.egg-info", ".vendor-*")
    for name in SOURCES:
        shutil.copytree(ROOT / name, target / name, ignore=left_out)
    for path in ROOT.iterdir():
        if path.is_file() and path.suffix in {".cfg", ".toml", ".py", ".json", ".in", ".md"}:
            shutil.copy(path, target)
    return target


def build_wheel(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, source]
    return subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert build_assets.is_current(), "static/vendor is missing or out of date: python3 run.py setup"
    return run.build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names_in_wheel(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def files_below(folder: Path) -> Iterator[str]:
    """Every file, by its path within the folder, but what Python or an editor left there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and not any(part.startswith(".") for part in path.parts):
            yield path.relative_to(folder).as_posix()


@pytest.mark.parametrize("folder", ["templates", "static", "migrations"])
def test_the_wheel_has_every_file_of_a_top_level_folder(names_in_wheel: set[str], folder: str) -> None:
    expected = {f"graduated/{folder}/{name}" for name in files_below(ROOT / folder)}
    assert expected
    assert expected - names_in_wheel == set()


def test_the_wheel_has_every_file_of_the_source(names_in_wheel: set[str]) -> None:
    """Authority profiles, the demo's data and each module are all there."""
    expected = {f"graduated/{name}" for name in files_below(ROOT / "src" / "graduated")}
    assert expected - names_in_wheel == set()


def test_the_wheel_has_the_prepared_static_files_and_the_authorities(names_in_wheel: set[str]) -> None:
    assert {f"graduated/static/vendor/{name}" for name in build_assets.FILES} <= names_in_wheel
    assert "graduated/migrations/env.py" in names_in_wheel
    assert any(re.fullmatch(r"graduated/migrations/versions/\w+\.py", name) for name in names_in_wheel)
    assert any(re.fullmatch(r"graduated/authorities/\w+\.toml", name) for name in names_in_wheel)


def test_the_wheel_has_nothing_else(names_in_wheel: set[str]) -> None:
    outside = {name for name in names_in_wheel if not re.match(r"graduated(-[\d.]+\.dist-info)?/", name)}
    assert outside == set()


def test_every_package_is_listed_in_setup_cfg() -> None:
    """setuptools leaves out what is not listed, and says nothing."""
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = set(settings["options"]["packages"].split())
    source = ROOT / "src"
    found = {".".join(path.parent.relative_to(source).parts) for path in source.rglob("__init__.py")}
    assert found - listed == set()
    assert listed - found == {"graduated.templates", "graduated.static", "graduated.migrations"}


def test_a_wheel_without_static_files_is_not_built(tmp_path: Path) -> None:
    source = copy_of_checkout(tmp_path / "source")
    shutil.rmtree(source / "static" / "vendor")
    done = build_wheel(source, tmp_path)
    assert done.returncode != 0
    assert "static/vendor is missing or out of date" in done.stdout + done.stderr
    assert not list(tmp_path.glob("*.whl"))


# --- installed alone


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `python3 run.py install` makes, with the wheel alone; what Graduated depends on is lent by this one."""
    environment = tmp_path_factory.mktemp("installed") / "a server"
    python = run.make_place(environment)
    packages = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    run.put_in(wheel, python)
    run.put_in(wheel, run.make_place(environment))  # a newer one goes over it, also when its number is the same
    # Added to the path without reading its .pth files: one of them would bring in the checkout.
    Path(packages, "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return environment


def outside(home: Path) -> dict[str, str]:
    """The surroundings of a server that has never seen the checkout."""
    left_out = ("PYTHONPATH", "DATABASE_URL", "FLASK_", "GRADUATED_", "COV_", "COVERAGE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**kept, "GRADUATED_HOME": str(home)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def fetch(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status, answer.read().decode("utf-8")


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> tuple[int, str]:
    """The first answer of a server that is starting; its own words if it gives up."""
    until = time.monotonic() + 30
    while time.monotonic() < until and server.poll() is None:
        try:
            return fetch(url)
        except (ConnectionError, urllib.error.URLError) as error:
            if isinstance(error, urllib.error.HTTPError):
                raise
            time.sleep(0.1)
    pytest.fail(f"no answer from {url}:\n{log.read_text(encoding='utf-8')}")


def test_what_runs_is_the_wheel(installed: Path, tmp_path: Path) -> None:
    command = [installed / "bin" / "python", "-c", "import graduated; print(graduated.__file__, graduated.__version__)"]
    done = subprocess.run(command, cwd=tmp_path, env=outside(tmp_path), capture_output=True, text=True, check=True)
    path, _, version = done.stdout.strip().rpartition(" ")
    assert Path(path).is_relative_to(installed)
    assert f"-{version}-" in next(installed.parent.parent.rglob("graduated-*.whl")).name


def test_the_installed_program_migrates_and_serves(installed: Path, tmp_path: Path) -> None:
    program, environment = installed / "bin" / "graduated", outside(tmp_path / "home")
    upgrade = [program, "db", "upgrade"]
    done = subprocess.run(upgrade, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    address, log = f"http://127.0.0.1:{free_port()}", tmp_path / "log.txt"
    with log.open("wb") as output:
        command = [program, "serve", "--host", "127.0.0.1", "--port", address.rpartition(":")[2]]
        server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        status, page = wait_for(address + "/", server, log)
        assert status == 200
        assert 'type="password"' in page
        links = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
        assert any("vendor/govuk" in link for link in links)
        for link in links:
            assert fetch(address + link)[0] == 200
    finally:
        server.terminate()
        server.wait(timeout=60)
