"""What the program's own text must not hold, wherever somebody adds to it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "graduated"
DEMO = SOURCE / "demo"
MAKES_CODE = {"eval", "exec", "compile", "__import__"}
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "commands.getoutput"}
LOADS = {"pickle", "cPickle", "marshal", "shelve", "dill", "yaml", "jsonpickle", "xmlrpc"}
TEMPLATES = {"render_template_string", "from_string"}
HOLES = ("format", "format_map")
FILLED_HERE = {"pattern", "issuer"}
"""Names of constants that are filled, one by one, in the module that has them."""
CIPHERS = {
    "cryptography",
    "hashlib",
    "hmac",
    "secrets",
    "ssl",
    "argon2",
    "pyotp",
    "itsdangerous",
    "webauthn",
    "authlib",
}
HOME_MADE = {"Crypto", "Cryptodome", "nacl", "rsa", "ecdsa", "des", "pyaes", "jwt", "simplecrypt"}
MADE_HERE = {"'|'.join(paths)", "MARK.pattern", "_MARK.pattern"}
"""Parts of patterns that are made of the program's own words."""
LOW = {"cryptography.hazmat.primitives.ciphers", "cryptography.hazmat.primitives.padding"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the product, read and not run."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield str(path.relative_to(SOURCE)), ast.parse(path.read_text(encoding="utf-8"))


def dotted(node: ast.AST) -> str:
    """The name of what is called, with its dots."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """(place, call, name) of every call."""
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield f"{name}:{node.lineno}", node, dotted(node.func)


def imports() -> Iterator[tuple[str, str]]:
    """(module, what it imports)."""
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((name, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield name, node.module


def test_no_command_goes_through_a_shell() -> None:
    wrong = [place for place, _call, name in calls() if name in SHELLS]
    for place, call, name in calls():
        shell = next((one.value for one in call.keywords if one.arg == "shell"), None)
        if shell is not None and not (isinstance(shell, ast.Constant) and shell.value is False):
            wrong.append(place)
        is_program = name.startswith("subprocess.") and name.split(".")[1] in {"run", "Popen", "call", "check_output"}
        if is_program and not isinstance(call.args[0], ast.List | ast.Tuple | ast.Name | ast.Call):
            wrong.append(f"{place}: the command is no list")
    assert wrong == []


def test_no_code_is_made_of_text() -> None:
    wrong = [place for place, _call, name in calls() if name in MAKES_CODE or name.rpartition(".")[2] in TEMPLATES]
    wrong += [f"{place} loads objects" for place, what in imports() if what.split(".")[0] in LOADS]
    for place, call, name in calls():
        made_here = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Constant | ast.Subscript)
        if name.rpartition(".")[2] in HOLES and isinstance(call.func, ast.Attribute) and not made_here:
            # a text to be filled is a constant of the module, in capitals
            holder = dotted(call.func.value).rpartition(".")[2]
            if holder != holder.upper() and holder not in FILLED_HERE and call.keywords + call.args:
                wrong.append(f"{place}: {name}")
    assert wrong == []


def test_no_pattern_is_made_of_what_was_typed() -> None:
    wrong = []
    for place, call, name in calls():
        if name.startswith("re.") and call.args and isinstance(call.args[0], ast.JoinedStr):
            for part in call.args[0].values:
                if isinstance(part, ast.FormattedValue):
                    inside = ast.unparse(part.value)
                    is_ours = inside.startswith("re.escape(") or inside == inside.upper() or inside in MADE_HERE
                    if not is_ours:
                        wrong.append(f"{place}: {inside}")
    assert wrong == []


def test_chance_comes_from_the_systems_own_source() -> None:
    users = {place for place, what in imports() if what == "random"}
    assert {one for one in users if not one.startswith("demo/")} == set()


def test_no_hash_is_used_that_was_broken() -> None:
    wrong = []
    for place, call, name in calls():
        if re.fullmatch(r"(hashlib\.)?(md5|sha1|new)", name) and name != "new":
            open_about_it = any(
                one.arg == "usedforsecurity" and isinstance(one.value, ast.Constant) and one.value.value is False
                for one in call.keywords
            )
            if not open_about_it:
                wrong.append(place)
    assert wrong == []


def test_only_proven_libraries_do_what_ciphers_do() -> None:
    wrong = [f"{place}: {what}" for place, what in imports() if what.split(".")[0] in HOME_MADE or what in LOW]
    assert wrong == []
    users = {what.split(".")[0] for _place, what in imports()} & CIPHERS
    assert {"cryptography", "hashlib", "hmac", "secrets", "argon2", "ssl"} <= users


def test_no_page_is_told_to_trust_words() -> None:
    shown = [path for path in (ROOT / "templates").rglob("*.html") if path.name != "styleguide.html"]
    assert len(shown) > 100
    trusting = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")
    assert [path.name for path in shown if trusting.search(path.read_text(encoding="utf-8"))] == []


def test_no_page_names_a_file_of_another_site() -> None:
    loaded = re.compile(
        r"<(script|link|img|iframe|source|object|embed|use)\b[^>]*(src|href|data)=[\"'](https?:)?//", re.I
    )
    named = [
        path.name for path in (ROOT / "templates").rglob("*.html") if loaded.search(path.read_text(encoding="utf-8"))
    ]
    assert named == []
    fetched = re.compile(r"url\(\s*[\"']?(https?:)?//|@import|importScripts|import\([\"']https?:")
    own = [*(ROOT / "static" / "css").glob("*.css"), *(ROOT / "static" / "js").glob("*.js")]
    assert own and [path.name for path in own if fetched.search(path.read_text(encoding="utf-8"))] == []


def test_our_scripts_write_no_markup_of_data_and_keep_nothing_named() -> None:
    scripts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "static" / "js").glob("*.js")}
    assert len(scripts) > 4
    never = re.compile(
        r"\beval\(|new Function|document\.write|insertAdjacentHTML|outerHTML\s*=|localStorage|sessionStorage"
        r"|document\.cookie|__proto__|\.prototype\s*[\[.=]|postMessage|onmessage|Object\.assign\((window|document)\b"
    )
    assert [(name, found.group()) for name, text in scripts.items() for found in never.finditer(text)] == [
        ("idle.js", "postMessage")
    ]
    # That one goes to pages of this address alone and always says the same word, which none of them reads.
    assert scripts["idle.js"].count('others.postMessage("used")') == 1
    assert 'const others = new BroadcastChannel("graduated-used");' in scripts["idle.js"]
    assert 'others.addEventListener("message", again);' in scripts["idle.js"]
    assert [name for name, text in scripts.items() if "event.data" in text] == []
    # The one place where markup is put in is the form to sign in again, which the server sent whole.
    markup = [
        (name, line.strip()) for name, text in scripts.items() for line in text.splitlines() if "innerHTML" in line
    ]
    assert markup == [("swap.js", "dialogBody.innerHTML = event.detail.html;")]
