"""Lists under docs that cite tests: their scripts, and whether each test that they name is there."""

from __future__ import annotations

import ast
import functools
import importlib.util
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]


@functools.cache
def maker(path: str) -> ModuleType:
    """The script that puts a list into its document."""
    spec = importlib.util.spec_from_file_location(f"make_{Path(path).stem}", ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@functools.cache
def cited_from(file: str) -> frozenset[str]:
    """The names of the tests in a file, read and not run."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(one.name for one in found if isinstance(one, kinds) and one.name.startswith("test_"))


def gone(lines: Iterable[dict[str, Any]]) -> list[str]:
    """Every test that a list cites and that is not there."""
    cited = [(line["id"], one) for line in lines for one in line.get("tests", ())]
    return [f"{entry}: {one}" for entry, one in cited if one.split("::")[1] not in cited_from(one.split("::")[0])]
