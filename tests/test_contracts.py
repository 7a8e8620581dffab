"""The import contracts of setup.cfg hold, each fails when it should, and no file or function outgrows the house."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """All contracts, over the source below the folder given."""
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "200"}
    command = [sys.executable, "-m", "import_contracts"]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the source and of the contracts, to add a bad import to."""
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=ignore)
    for name in ("setup.cfg", "import_contracts.py"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def add(house: Path, module: str, line: str) -> None:
    path = house / "src" / "graduated" / module
    before = path.read_text(encoding="utf-8") if path.exists() else '"""Made by a test."""\n'
    path.write_text(f"{before}\n{line}\n", encoding="utf-8")


def test_every_contract_is_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 kept, 0 broken" in done.stdout


FLOORS = "Imports point downwards"
RULES = "Rules know the standard library only"
PURE = "The policy and the file reader know no framework"
PACK = "Documents are drawn from plain data"
VIEWS = "Views ask other packages' queries, never their services or models"


@pytest.mark.parametrize(
    ("module", "line", "contract", "named"),
    [
        ("rules/__init__.py", "import flask", RULES, "graduated.rules -> flask"),
        ("rules/upn_extra.py", "from sqlalchemy import select", RULES, "graduated.rules.upn_extra -> sqlalchemy"),
        ("rules/__init__.py", "import graduated.db", FLOORS, "graduated.rules -> graduated.db"),
        ("access/policy.py", "import wtforms", PURE, "graduated.access.policy -> wtforms"),
        ("imports/reader.py", "import flask", PURE, "graduated.imports.reader -> flask"),
        ("pack/__init__.py", "import sqlalchemy", PACK, "graduated.pack -> sqlalchemy"),
        ("plan/__init__.py", "import graduated.review", FLOORS, "graduated.plan -> graduated.review"),
        ("pupils/__init__.py", "import graduated.app", FLOORS, "graduated.pupils -> graduated.app"),
        ("today/__init__.py", "import graduated.insight", FLOORS, "graduated.today -> graduated.insight"),
        ("brand_new.py", "x = 1", FLOORS, "graduated.brand_new"),
    ],
)
def test_a_bad_import_breaks_its_contract(house: Path, module: str, line: str, contract: str, named: str) -> None:
    add(house, module, line)
    done = lint(house)
    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout
    assert named in done.stdout


@pytest.mark.parametrize("view", ["views.py", "views_of_a_test.py"])
@pytest.mark.parametrize("layer", ["services", "models"])
def test_a_view_may_not_import_another_packages_services_or_models(house: Path, view: str, layer: str) -> None:
    add(house, f"plan/{layer}.py", "")
    add(house, f"review/{view}", f"import graduated.plan.{layer}")
    done = lint(house)
    assert done.returncode == 1
    assert f"{VIEWS} BROKEN" in done.stdout
    assert f"graduated.review.{view.removesuffix('.py')} -> graduated.plan.{layer}" in done.stdout


def test_a_view_may_import_its_own_services_and_another_packages_queries(house: Path) -> None:
    for module in ("plan/queries.py", "review/services.py"):
        add(house, module, "")
    add(house, "review/views_of_a_test.py", "import graduated.plan.queries\nimport graduated.review.services")
    done = lint(house)
    assert done.returncode == 0, done.stdout + done.stderr


# About 400 lines a file and 40 a function; past these it is time to split by noun.
FILE_CEILING, FUNCTION_CEILING = 420, 48


def test_files_stay_short_enough_to_read_in_one_sitting() -> None:
    paths = [
        path
        for name in ("src", "tests", "templates")
        for path in (ROOT / name).rglob("*")
        if path.suffix in {".py", ".html"}
    ]
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_CEILING} == {}


def test_functions_stay_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > FUNCTION_CEILING
    ]
    assert long == []
