"""run.py does only what is needed, says what is wrong, and works from any folder. No network is used."""

import ast
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import build_assets
import run

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty checkout in a folder with a space in its name, with lock files of one line."""
    root = tmp_path / "a school" / "graduated"
    (root / "requirements").mkdir(parents=True)
    (root / ".venv" / "bin").mkdir(parents=True)
    for name in ("run", "test"):
        (root / "requirements" / f"{name}.txt").write_text(f"{name}==1\n", encoding="utf-8")
    for name, path in {
        "ROOT": root,
        "VENV": root / ".venv",
        "BIN": root / ".venv" / "bin",
        "PYTHON": root / ".venv" / "bin" / "python",
        "STAMP": root / ".venv" / "graduated.json",
        "REQUIREMENTS": root / "requirements",
    }.items():
        monkeypatch.setattr(run, name, path)
    return root


# --- arguments


@pytest.mark.parametrize(
    ("given", "verb", "host", "port", "to_pytest"),
    [
        ([], "start", None, None, []),
        (["--port", "8001"], "start", None, 8001, []),
        (["--host", "0.0.0.0", "--port", "80"], "start", "0.0.0.0", 80, []),
        (["setup"], "setup", None, None, []),
        (["test"], "test", None, None, []),
        (["test", "-k", "upn", "tests/rules"], "test", None, None, ["-k", "upn", "tests/rules"]),
        (["test", "--port"], "test", None, None, ["--port"]),
    ],
)
def test_the_verb_and_its_options(
    given: list[str], verb: str, host: str | None, port: int | None, to_pytest: list[str]
) -> None:
    arguments, rest = run.read_arguments(given)
    assert (arguments.verb, arguments.host, arguments.port, rest) == (verb, host, port, to_pytest)


@pytest.mark.parametrize("given", [["serve"], ["--port", "http"], ["setup", "extra"], ["install"]])
def test_an_unknown_argument_is_refused(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run.read_arguments(given)
    assert stopped.value.code == 2
    assert "usage: run.py" in capsys.readouterr().err


def test_help_works_from_another_folder_through_a_path_with_a_space(tmp_path: Path) -> None:
    root = tmp_path / "a b"
    root.mkdir()
    shutil.copy(ROOT / "run.py", root)
    done = subprocess.run(
        [sys.executable, root / "run.py", "--help"], cwd="/", capture_output=True, text=True, check=True
    )
    assert "python3 run.py test" in done.stdout
    assert not (root / ".venv").exists()


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/deploy.md", "docs/backup.md"])
def test_the_commands_that_the_papers_give_are_ones_that_are_taken(name: str) -> None:
    """And none of them needs what only the tests install."""
    text = (ROOT / name).read_text(encoding="utf-8")
    for words in re.findall(r"^(?:sudo )?python3 run\.py(.*)$", text, flags=re.MULTILINE):
        run.read_arguments(words.partition("#")[0].split())
    assert "-m build" not in text


def test_the_program_is_not_installed_over_other_things(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    with pytest.raises(run.Stop, match="holds other things"):
        run.make_place(tmp_path)


# --- an older Python


@pytest.mark.skipif(os.name == "nt", reason="accounts are kept apart in another way there")
def test_a_python_in_a_folder_of_one_account_alone_is_named_with_that_folder() -> None:
    """As root's own in /root: the account of the service could not run what is installed with it."""
    with tempfile.TemporaryDirectory() as name:  # not among pytest's, which are all for one account alone
        place = Path(name).resolve()
        place.chmod(0o755)
        (place / "own" / "bin").mkdir(parents=True)
        for folder in (place / "own", place / "own" / "bin"):
            folder.chmod(0o755)  # whatever is left to others by default
        (place / "own" / "bin" / "python3").touch()
        (place / "python").symlink_to(place / "own" / "bin" / "python3")
        assert run.closed_to_others(place / "python") is None
        (place / "own").chmod(0o700)
        assert run.closed_to_others(place / "python") == place / "own"


def test_an_older_python_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit, match=re.escape("needs Python 3.11 or newer; this is Python 3.9.")):
        runpy.run_path(str(ROOT / "run.py"))


def test_an_older_python_can_read_as_far_as_the_message() -> None:
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 7))


# --- what is done already


def test_a_lock_file_is_installed_once_and_again_only_when_it_changes(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[str] = []
    monkeypatch.setattr(run, "ensure_pip", lambda: None)
    monkeypatch.setattr(run, "pip_install", installed.append)
    run.install(for_tests=False)
    run.install(for_tests=False)
    assert installed == ["run"]
    run.install(for_tests=True)
    run.install(for_tests=True)
    run.install(for_tests=False)
    assert installed == ["run", "test"]
    (checkout / "requirements" / "run.txt").write_text("run==2\n", encoding="utf-8")
    run.install(for_tests=False)
    assert installed == ["run", "test", "run"]


def test_a_failed_install_is_tried_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(lock: str) -> None:
        raise run.Stop("no network")

    monkeypatch.setattr(run, "ensure_pip", lambda: None)
    monkeypatch.setattr(run, "pip_install", refuse)
    with pytest.raises(run.Stop, match="no network"):
        run.install(for_tests=False)
    assert set(run.read_stamp()) == {"root"}


def test_an_environment_left_half_installed_is_made_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(lock: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "ensure_pip", lambda: None)
    monkeypatch.setattr(run, "pip_install", cut)
    run.make_environment()
    with pytest.raises(KeyboardInterrupt):
        run.install(for_tests=False)
    (checkout / ".venv" / "half").touch()
    run.make_environment()
    assert not (checkout / ".venv" / "half").exists()
    assert run.read_stamp() == {}


@pytest.mark.parametrize("stamp", ["", "{", "[]", "null"])
def test_a_broken_stamp_counts_as_none(checkout: Path, stamp: str) -> None:
    run.STAMP.write_text(stamp, encoding="utf-8")
    assert run.read_stamp() == {}


def test_an_environment_made_for_another_folder_is_made_again(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (checkout / ".venv" / "moved").touch()
    run.STAMP.write_text(json.dumps({"root": str(checkout)}), encoding="utf-8")
    run.make_environment()
    assert (checkout / ".venv" / "moved").exists()
    run.STAMP.write_text(json.dumps({"root": "/home/elsewhere", "run": "x"}), encoding="utf-8")
    run.make_environment()
    assert not (checkout / ".venv" / "moved").exists()
    assert (checkout / ".venv" / "bin" / "python").exists()
    assert run.read_stamp() == {}


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_the_graduated_command_runs_the_source_of_the_checkout(checkout: Path) -> None:
    run.make_environment()
    package = checkout / "src" / "graduated"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text("import sys\nprint(sys.argv[1:], __file__)\n", encoding="utf-8")
    run.link_source()
    command = [checkout / ".venv" / "bin" / "graduated", "pack", "--out", "a b"]
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd="/", env=plain, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"['pack', '--out', 'a b'] {package / '__main__.py'}"


# --- what the tests' own report says


def test_skipped_tests_are_named_with_their_reason(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite><testcase classname="tests.test_journey" name="test_a">'
        '<skipped type="pytest.skip" message="needs chromium"/></testcase>'
        '<testcase classname="tests.test_journey" name="test_b"/>'
        '<testcase classname="tests.test_journey" name="test_c"><skipped type="pytest.xfail" message="x"/></testcase>'
        "</testsuite></testsuites>",
        encoding="utf-8",
    )
    assert run.read_skipped(report) == ["Skipped: tests.test_journey.test_a: needs chromium"]
    assert run.read_skipped(tmp_path / "none.xml") == []


def test_missing_debian_packages_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(run.shutil, "which", lambda program: None if program == "pdftotext" else f"/usr/bin/{program}")
    run.say_what_is_missing()
    assert "sudo apt-get install poppler-utils" in capsys.readouterr().out


# --- lock files


def requirement_names(text: str) -> set[str]:
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return {line for line in lines if line and not line.startswith("-")}


def test_setup_cfg_and_the_lock_ask_for_the_same_packages() -> None:
    setup = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    asked = setup.partition("install_requires =\n")[2].partition("package_dir =")[0]
    assert requirement_names(asked) == requirement_names((ROOT / "requirements" / "run.in").read_text(encoding="utf-8"))


@pytest.mark.parametrize("lock", ["run", "build", "test", "node", "pip"])
def test_a_lock_names_exact_versions_and_hashes_and_no_place_to_get_them_from(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    lines = text.replace("\\\n", " ").splitlines()
    assert lines
    for line in lines:
        assert re.fullmatch(r"[a-z0-9._-]+==[^\s;]+( ;[^#]*?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", line), line
    assert "://" not in text


def test_the_test_lock_holds_all_of_the_run_lock() -> None:
    locks = {name: (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8") for name in ("run", "test")}
    pins = {name: set(re.findall(r"^[a-z0-9._-]+==[^\s;]+", text, flags=re.MULTILINE)) for name, text in locks.items()}
    assert pins["run"] <= pins["test"]


def test_what_makes_the_package_is_the_version_with_which_it_was_tested() -> None:
    (pin,) = re.findall(r"^setuptools==\S+", (ROOT / "requirements" / "build.txt").read_text("utf-8"), re.MULTILINE)
    assert pin in (ROOT / "requirements" / "test.txt").read_text(encoding="utf-8")


# --- static files


def test_the_npm_lock_names_exact_versions_and_hashes() -> None:
    asked = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for name, version in asked.items():
        assert locked[f"node_modules/{name}"]["version"] == version
    for path, about in locked.items():
        assert not path or about["integrity"].startswith("sha512-")


def test_static_files_are_made_again_when_the_lock_changes_or_one_is_gone(tmp_path: Path) -> None:
    for name in ("package.json", "package-lock.json", "build_assets.py"):
        shutil.copy(ROOT / name, tmp_path)
    vendor = tmp_path / "static" / "vendor"
    for name in (*build_assets.FILES, build_assets.STAMP):
        (vendor / name).parent.mkdir(parents=True, exist_ok=True)
        (vendor / name).touch()
    assert not build_assets.is_current(tmp_path)
    (vendor / build_assets.STAMP).write_text(build_assets.fingerprint(tmp_path), encoding="utf-8")
    assert build_assets.is_current(tmp_path)
    (vendor / "htmx.js").unlink()
    assert not build_assets.is_current(tmp_path)
    (vendor / "htmx.js").touch()
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    assert not build_assets.is_current(tmp_path)
    with pytest.raises(build_assets.AssetError, match=re.escape("python3 run.py setup")):
        build_assets.require(tmp_path)


def test_a_failed_build_leaves_the_old_static_files_whole(tmp_path: Path) -> None:
    for name in ("package.json", "package-lock.json", "build_assets.py"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "static" / "vendor").mkdir(parents=True)
    (tmp_path / "static" / "vendor" / "htmx.js").write_text("old", encoding="utf-8")
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho no such package >&2\nexit 1\n", encoding="utf-8")
    npm.chmod(0o755)
    with pytest.raises(build_assets.AssetError, match="no such package"):
        build_assets.build(str(npm), tmp_path)
    assert (tmp_path / "static" / "vendor" / "htmx.js").read_text(encoding="utf-8") == "old"
    assert [path.name for path in (tmp_path / "static").iterdir()] == ["vendor"]


def test_govuk_styles_lose_the_font_and_the_crest_that_only_gov_uk_may_use() -> None:
    css = (
        "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}"
        ".a{font-family:GDS Transport,arial,sans-serif}.b{background:url(/assets/images/govuk-crest.svg)}"
    )
    plain = build_assets.plain_govuk(css)
    assert plain == ".a{font-family:var(--app-font,system-ui,sans-serif)}.b{background:none}"
    with pytest.raises(build_assets.AssetError, match="only gov.uk may use"):
        build_assets.plain_govuk(".c{background:url(/assets/images/crown.svg)}")


SCRIPT = (
    "const version=1;class Component{}class ConfigurableComponent extends Component{t(){}}function shared(){}"
    + "".join(
        f"class {name} extends ConfigurableComponent{{t(){{const e=1;}}}}{name}.moduleName='govuk';"
        for name in ("Accordion", *build_assets.COMPONENTS)
    )
    + "class Tabs extends Component{}function ofTabs(){}"
    "function initAll(t){[[Accordion,t.accordion],%s,[Tabs]].forEach((e=>e))}Tabs.moduleName='tabs';"
    "export{Accordion,%s,Tabs,initAll,version};\n"
) % (",".join(f"[{name},t.it]" for name in build_assets.COMPONENTS), ",".join(build_assets.COMPONENTS))


def test_govuk_s_script_keeps_the_components_that_pages_have_and_no_other() -> None:
    used = build_assets.used_govuk(SCRIPT)
    assert "Accordion" not in used and "Tabs" not in used
    assert "const version=1;" in used and "function shared(){}" in used
    assert ",".join(f"[{name},t.it]" for name in build_assets.COMPONENTS) + "].forEach" in used
    assert used.endswith(f"export{{{','.join(build_assets.COMPONENTS)},initAll,version}};\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("function initAll(", "function begin("),
        ("class Button extends", "class Knob extends"),
        ("function shared(){}", "function shared(){Tabs}"),
        ("function shared(){}", "function shared(){ofTabs()}"),
    ],
)
def test_a_script_of_govuk_that_is_made_otherwise_stops_the_build(before: str, after: str) -> None:
    with pytest.raises(build_assets.AssetError, match="used_govuk"):
        build_assets.used_govuk(SCRIPT.replace(before, after, 1))


def test_the_components_that_are_kept_are_those_that_templates_wake() -> None:
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")]
    asked = {name for page in pages for name in re.findall(r'data-module="govuk-([a-z-]+)"', page)}
    assert asked == {re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower() for name in build_assets.COMPONENTS}


def test_what_does_not_run_on_postgresql_is_there_and_says_why() -> None:
    assert [place for place in run.NOT_ON_POSTGRESQL if not (ROOT / place).exists()] == []
    assert all(why.strip() for why in run.NOT_ON_POSTGRESQL.values())


@pytest.mark.skipif(os.name == "nt", reason="there is no server from the package index for Windows")
def test_every_other_test_runs_on_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one of a folder that is new: what is named is left out, and nothing is picked."""
    asked: list[tuple[tuple[str, ...], dict[str, str] | None]] = []

    def note(*words: str, also: dict[str, str] | None = None) -> bool:
        asked.append((words, also))
        return True

    monkeypatch.setattr(run, "run_check", note)
    assert run.check([]) == 0
    ((words, _also),) = [one for one in asked if one[1] == {"GRADUATED_TEST_DATABASE": "postgresql"}]
    assert [one for one in words if one.startswith("tests")] == ["tests"]
    assert [one for one in words if one.startswith("--ignore")] == [f"--ignore={one}" for one in run.NOT_ON_POSTGRESQL]
