"""Graduated's commands in a checkout; they need Python 3.11 or newer and nothing else.

    python3 run.py [--port N] [--host H]     prepare, then start the demo school
    python3 run.py install FOLDER            prepare, then install the program for a school, into a folder of its own
    python3 run.py test [pytest arguments]   prepare, then run every check and test
    python3 run.py setup                     prepare only

To prepare is to make .venv, install the packages of requirements/ (each checked against its hash) and make
static/vendor. What is done already is left alone, so a second start takes a second or two.
"""

import argparse
import hashlib
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit(
        "Graduated needs Python 3.11 or newer; this is Python %d.%d. Install a newer one (https://www.python.org/downloads/)"
        " and start it by its name, for example: python3.11 run.py" % tuple(sys.version_info[:2])
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "graduated.json"
REQUIREMENTS = ROOT / "requirements"
# The program a test needs, and the Debian package that brings it.
PROGRAMS = {"chromium": "chromium", "qpdf": "qpdf", "pdftotext": "poppler-utils"}
# The whole suite runs on PostgreSQL too, a new folder at once; but these, each with the reason.
NOT_ON_POSTGRESQL = {
    "tests/rules": "pure: no database",
    "tests/pack": "documents from plain data: no database",
    "tests/test_contracts.py": "reads the source",
    "tests/test_deploy_files.py": "reads the files of a deployment",
    "tests/test_faults_list.py": "reads lists of tests",
    "tests/test_packaging.py": "builds a wheel, which is the same for both",
    "tests/test_run.py": "these commands",
    "tests/test_security_list.py": "reads lists of tests",
}
EVERY_BRANCH = (
    "--quiet",
    "--cov=graduated.rules",
    "--cov-branch",
    "--cov-fail-under=100",
    "--cov-report=term:skip-covered",
)


class Stop(Exception):
    """Nothing more can be done; the message says why, and how to mend it."""


def say(text: str) -> None:
    """A line for whoever waits, at once, also when the output is a file."""
    print(text, flush=True)


# --- the environment ------------------------------------------------------------------------------------------------


def make_environment() -> None:
    """Make .venv unless a working one is there, made for this folder and not left half installed by a power cut."""
    stamp = read_stamp()
    usable = PYTHON.exists() and stamp.get("root", str(ROOT)) == str(ROOT) and "unfinished" not in stamp
    if usable and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0:
        return
    say(f"Making {VENV} with Python {sys.version.split()[0]}")
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", "--without-pip", VENV], check=False).returncode != 0:
        raise Stop("This Python cannot make environments. On Debian or Ubuntu: sudo apt install python3-venv")


def read_stamp() -> dict[str, str]:
    """What was installed into .venv, by the hash of its lock file; nothing if that is not known."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in stamp.items()} if isinstance(stamp, dict) else {}


def write_stamp(stamp: dict[str, str]) -> None:
    """Put the new stamp in place in one move."""
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps({**stamp, "root": str(ROOT)}, indent=1) + "\n", encoding="utf-8")
    fresh.replace(STAMP)


def lock_hashes(for_tests: bool) -> dict[str, str]:
    """The lock files needed, with their hashes; test.txt holds all of run.txt."""
    names = ("run", "test") if for_tests else ("run",)
    return {name: hashlib.sha256((REQUIREMENTS / f"{name}.txt").read_bytes()).hexdigest() for name in names}


def install(for_tests: bool) -> None:
    """Install the lock file unless exactly this one was installed before."""
    wanted, stamp = lock_hashes(for_tests), read_stamp()
    if all(stamp.get(name) == digest for name, digest in wanted.items()):
        return
    ensure_pip()
    lock = "test" if for_tests else "run"
    write_stamp({**stamp, "unfinished": lock})
    try:
        pip_install(lock)
    except Stop:  # pip unpacks only when it has everything, so what was there still stands
        write_stamp(stamp)
        raise
    write_stamp({**stamp, **wanted})


def pip_install(lock: str, python: Path | None = None) -> None:
    """Install one lock file with pip, every hash checked; says how far it is, and on failure all that pip said.

    Into .venv, or into the environment of another `python`.
    """
    path = REQUIREMENTS / f"{lock}.txt"
    total = len(re.findall(r"^[A-Za-z0-9]", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
    say(f"Installing {total} packages of {path.relative_to(ROOT)} (a minute or two the first time)")
    command = [
        str(PYTHON),
        "-m",
        "pip",
        *(["--python", str(python)] if python else []),
        "install",
        "--no-input",
        "--disable-pip-version-check",
        "--progress-bar",
        "off",
    ]
    command += ["--require-hashes", "-r", str(path)]
    started, seen, lines = time.monotonic(), 0, list[str]()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace"
    ) as pip:
        for line in pip.stdout or ():
            lines.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                seen += 1
                if seen % 10 == 0:
                    say(f"  {seen} of {total}")
            elif line.startswith("Installing collected"):
                say("  unpacking")
    if pip.returncode != 0:
        raise Stop(
            "".join(lines[-40:])
            + "\npip could not install the packages (above). Is the network there? Then run this again."
        )
    say(f"  installed in {time.monotonic() - started:.0f} s")


def ensure_pip() -> None:
    """pip in .venv: there already, from this Python, or else from the package index, checked against its hash."""
    for command in (["-m", "pip", "--version"], ["-m", "ensurepip", "--default-pip"]):
        if subprocess.run([PYTHON, *command], capture_output=True, check=False).returncode == 0:
            return
    say("This Python comes without pip; fetching it")
    with tempfile.TemporaryDirectory() as folder:
        wheel = str(fetch_pip(Path(folder)))
        command = [str(PYTHON), f"{wheel}/pip", "install", "--quiet", "--no-index", "--no-deps", wheel]
        if subprocess.run(command, check=False).returncode != 0:
            raise Stop(
                "pip could not be installed. On Debian or Ubuntu: sudo apt install python3-venv, then run this again."
            )


def fetch_pip(folder: Path) -> Path:
    """The pip wheel that requirements/pip.txt names, from the index that pip itself would use."""
    lock = (REQUIREMENTS / "pip.txt").read_text(encoding="utf-8")
    version, hashes = re.findall(r"^pip==(\S+)", lock, flags=re.MULTILINE)[0], re.findall(r"sha256:(\w+)", lock)
    name = f"pip-{version}-py3-none-any.whl"
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    try:
        with urllib.request.urlopen(index, timeout=60) as page:  # noqa: S310  (the index the person configured)
            links = re.findall(rf'href="([^"]*{re.escape(name)}[^"]*)"', page.read().decode("utf-8"))
        with urllib.request.urlopen(urllib.parse.urljoin(index, links[0]), timeout=60) as file:  # noqa: S310
            content = file.read()
    except (OSError, IndexError, urllib.error.URLError) as error:
        raise Stop(
            f"pip could not be fetched from {index} ({error}). On Debian or Ubuntu: sudo apt install python3-venv, then"
            " run this again."
        ) from error
    if hashlib.sha256(content).hexdigest() not in hashes:
        raise Stop(f"{name} from {index} is not the file that requirements/pip.txt names. Nothing was installed.")
    (folder / name).write_bytes(content)
    return folder / name


def link_source() -> None:
    """Make `import graduated` and the `graduated` command work in .venv straight from this checkout."""
    version = "Lib" if os.name == "nt" else "lib/python*"
    packages = next(iter(VENV.glob(f"{version}/site-packages")))
    write_if_new(packages / "graduated.pth", f"{ROOT / 'src'}\n")
    if os.name == "nt":
        write_if_new(BIN / "graduated.cmd", f'@"{PYTHON}" -P -m graduated %*\n')
    else:
        write_if_new(BIN / "graduated", f'#!/bin/sh\nexec {shlex.quote(str(PYTHON))} -P -m graduated "$@"\n')
        (BIN / "graduated").chmod(0o755)


def write_if_new(path: Path, text: str) -> None:
    """Write the file unless it says this already."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


# --- static files ---------------------------------------------------------------------------------------------------


def make_assets() -> None:
    """Make static/vendor if package-lock.json or the step changed: with this machine's npm, else with PyPI's."""
    import build_assets

    if build_assets.is_current(ROOT):
        return
    say("Making static/vendor: styles, scripts and letters")
    npm = shutil.which("npm")
    if npm and run_assets(npm):
        return
    say("No usable npm on this machine; installing the one from PyPI into .venv (about 200 MB, once)")
    ensure_pip()
    pip_install("node")
    npm = shutil.which("npm", path=str(BIN))
    if not npm or not run_assets(npm):
        raise Stop("static/vendor could not be made (see above). Is the network there? Then run this again.")


def run_assets(npm: str) -> bool:
    """One try with one npm; what it has to say is printed by the step itself."""
    return subprocess.run([PYTHON, ROOT / "build_assets.py", "--npm", npm], check=False).returncode == 0


# --- the verbs ------------------------------------------------------------------------------------------------------


def prepare(for_tests: bool = False) -> None:
    """Everything that must be there before the program or the tests can start."""
    make_environment()
    install(for_tests)
    link_source()
    make_assets()


def start(host: str | None, port: int | None) -> int:
    """Hand over to `graduated demo`, which migrates, loads the demo school if there is none, and serves."""
    command = [str(PYTHON), "-P", "-m", "graduated", "demo"]
    command += ["--host", host] if host else []
    command += ["--port", str(port)] if port is not None else []
    environment = {"GRADUATED_HOME": str(ROOT / "instance"), **os.environ}
    say("Starting Graduated with the demo school")
    if os.name == "nt":
        return subprocess.run(command, env=environment, check=False).returncode
    os.execve(command[0], command, environment)


def install_program(place: Path) -> int:
    """Install the program into a folder of its own, or a newer one over it; this checkout is not needed after that."""
    os.umask(0o022)  # the account of the service has to read it, also where root's own files are for root alone
    python = make_place(place)
    ensure_pip()
    pip_install("build")
    with tempfile.TemporaryDirectory() as folder:
        wheel = build_wheel(Path(folder))
        pip_install("run", python)
        put_in(wheel, python)
    say(f"Installed: {place / python.parent.name / 'graduated'}. What comes next is in docs/deploy.md.")
    closed = closed_to_others(python)
    if closed and os.geteuid() == 0:
        say(
            f"But only root may go into {closed}, where the Python lies that this was started with, so that an account"
            f" of its own could not run it. With the system's Python it can: sudo rm -r {place} {VENV}, and then sudo"
            f" /usr/bin/python3 run.py install {place}"
        )
        return 1
    return 0


def closed_to_others(python: Path) -> Path | None:
    """The first folder on the way to a Python, whichever the link leads to, that other accounts may not go into."""
    if os.name == "nt":
        return None
    return next((one for one in reversed(python.resolve().parents) if not one.stat().st_mode & stat.S_IXOTH), None)


def make_place(place: Path) -> Path:
    """The Python of the folder, which is made unless an environment is there; nothing else is overwritten."""
    python = place / PYTHON.relative_to(VENV)
    if python.exists() and subprocess.run([python, "-c", ""], check=False).returncode == 0:
        return python
    if place.is_dir() and any(place.iterdir()) and not (place / "pyvenv.cfg").is_file():
        raise Stop(f"{place} holds other things. Name a folder that is not there yet, such as /opt/graduated.")
    command: list[str | Path] = [sys.executable, "-m", "venv", "--clear", "--without-pip", place]
    if subprocess.run(command, check=False).returncode != 0:
        raise Stop(f"{place} could not be made (see above). Is it yours? In /opt only root may: sudo python3 run.py …")
    return python


def build_wheel(folder: Path) -> Path:
    """The program as one file, made from a copy of the checkout, so that nothing of an earlier try gets into it."""
    say("Making the package")
    source = folder / "source"
    left_out = (".*", "instance", "node_modules", "tests", "build", "dist", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*left_out))
    if not run_pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source):
        raise Stop("The package could not be made (see above).")
    return next(folder.glob("graduated-*.whl"))


def put_in(wheel: Path, python: Path) -> None:
    """Install the package alone, in place of the one that is there, also of the same version."""
    if not run_pip("--python", python, "install", "--no-deps", "--force-reinstall", wheel):
        raise Stop("The package could not be installed (see above). What was installed before may be gone; try again.")


def run_pip(*words: str | Path) -> bool:
    """One call of the pip of .venv that asks no index for anything; whether it was content."""
    quiet = ("--quiet", "--no-input", "--no-index", "--disable-pip-version-check")
    return subprocess.run([str(PYTHON), "-m", "pip", *map(str, (*words, *quiet))], check=False).returncode == 0


def check(pytest_arguments: list[str]) -> int:
    """Run every check, also after one has failed; 0 when all passed."""
    started = time.monotonic()
    results = {
        "ruff": run_check("ruff", "check", "--quiet", "."),
        "ruff format": run_check("ruff", "format", "--check", "--quiet", "."),
        "mypy": run_check("mypy"),
        "import contracts": run_check("import_contracts"),
        "every branch of the rules": run_check("pytest", "tests/rules", *EVERY_BRANCH),
    }
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        plan = ["-n", "2", "--dist", "loadgroup", f"--junitxml={report}", "-o", "junit_family=xunit2"]
        results["pytest"] = run_check("pytest", *plan, *pytest_arguments)
        skipped = read_skipped(report)
    if os.name != "nt":  # there is no server from the package index for Windows
        on_server = {"GRADUATED_TEST_DATABASE": "postgresql"}
        plan = ["-n", "2", "--dist", "loadgroup", "-q", *(f"--ignore={place}" for place in NOT_ON_POSTGRESQL)]
        results["pytest on PostgreSQL"] = run_check("pytest", "tests", *plan, also=on_server)
    for line in skipped:
        say(line)
    say_what_is_missing()
    failed = [name for name, passed in results.items() if not passed]
    took = f"{time.monotonic() - started:.0f} s"
    if failed:
        say(f"FAILED: {', '.join(failed)} ({took})")
        return 1
    say(f"All passed: {', '.join(results)} ({took}; tests skipped: {len(skipped)})")
    return 0


def run_check(module: str, *arguments: str, also: dict[str, str] | None = None) -> bool:
    """One tool of .venv, in this folder; `also`: what its environment has besides."""
    said = [f"{name}={value}" for name, value in (also or {}).items()]
    say(f"\n=== {' '.join((*said, module, *arguments))}")
    command: list[str | Path] = [PYTHON, "-m", module, *arguments]
    # Tests start hundreds of programs; each would compile the whole of ours again where nothing may be kept.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(command, cwd=ROOT, env={**kept, **(also or {})}, check=False).returncode == 0


def read_skipped(report: Path) -> list[str]:
    """A line for each test that was skipped, with its reason, from pytest's own report."""
    if not report.is_file():
        return []
    lines = []
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  (written by pytest a moment ago)
        reason = case.find("skipped")
        if reason is not None and reason.get("type") != "pytest.xfail":
            lines.append(f"Skipped: {case.get('classname')}.{case.get('name')}: {reason.get('message')}")
    return lines


def say_what_is_missing() -> None:
    """Name the Debian packages without which some tests are skipped."""
    missing = sorted({package for program, package in PROGRAMS.items() if shutil.which(program) is None})
    if missing:
        say(f"Missing here, so tests that need them were skipped: {', '.join(missing)}.")
        say(f"On Debian or Ubuntu: sudo apt-get install {' '.join(missing)}")


def read_arguments(given: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """The verb and its options; what follows `test` belongs to pytest."""
    parser = argparse.ArgumentParser(
        prog="run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    verbs = ("start", "install", "test", "setup")
    parser.add_argument("verb", nargs="?", default="start", choices=verbs, help="default: start")
    parser.add_argument("folder", nargs="?", type=Path, help="where `install` puts the program")
    parser.add_argument("--host", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, help="port to listen on")
    if given[:1] == ["test"] and given[1:2] not in (["-h"], ["--help"]):
        return parser.parse_args(["test"]), given[1:]
    arguments = parser.parse_args(given)
    if (arguments.verb == "install") != (arguments.folder is not None):
        parser.error(
            "say where to: python3 run.py install FOLDER" if not arguments.folder else "only install takes one"
        )
    return arguments, []


def main() -> int:
    """Prepare, then do what was asked."""
    arguments, pytest_arguments = read_arguments(sys.argv[1:])
    started = time.monotonic()
    try:
        prepare(for_tests=arguments.verb == "test")
        say(f"Prepared in {time.monotonic() - started:.1f} s")
        if arguments.verb == "setup":
            return 0
        if arguments.verb == "test":
            return check(pytest_arguments)
        if arguments.verb == "install":
            return install_program(arguments.folder.absolute())
        return start(arguments.host, arguments.port)
    except Stop as stop:
        print(stop, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
