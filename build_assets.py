"""Makes static/vendor: of GOV.UK Frontend what is used, without the government's own marks, htmx, and the letters.

One step for checkout and wheel alike. Exact versions and hashes come from package-lock.json; nothing of this is kept in
git. It is built in a folder beside the old one and put in its place in one move, so a build that is killed leaves
nothing half done. `python3 run.py` calls it when needed; by hand: `.venv/bin/python build_assets.py [--npm PATH]`.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
FONT = "atkinson-hyperlegible-next"
HALVES = ("latin", "latin-ext")
# What the pages use, and what a PDF can embed (ReportLab reads no woff2).
WEB_STYLES = ("400-normal", "400-italic", "500-normal", "600-normal", "700-normal")
PDF_STYLES = {
    "400-normal": "AtkinsonHyperlegibleNext-Regular.ttf",
    "400-italic": "AtkinsonHyperlegibleNext-Italic.ttf",
    "700-normal": "AtkinsonHyperlegibleNext-Bold.ttf",
    "700-italic": "AtkinsonHyperlegibleNext-BoldItalic.ttf",
}
# What the templates wake by data-module; a test holds it against them.
COMPONENTS = (
    "Button", "CharacterCount", "Checkboxes", "ErrorSummary", "NotificationBanner", "PasswordInput", "SkipLink",
)  # fmt: skip
FILES = (
    "govuk.css",
    "govuk.js",
    "htmx.js",
    "fonts.css",
    "LICENCES.txt",
    *(f"fonts/{FONT}-{half}-{style}.woff2" for style in WEB_STYLES for half in HALVES),
    *(f"fonts/{name}" for name in PDF_STYLES.values()),
)
STAMP = "stamp.txt"


class AssetError(Exception):
    """The static files could not be made, or are not what they must be; the message says how to mend it."""


def fingerprint(root: Path = ROOT) -> str:
    """Hash of all that decides what static/vendor holds: the npm lock file and this script."""
    digest = hashlib.sha256()
    for name in ("package.json", "package-lock.json", "build_assets.py"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def is_current(root: Path = ROOT) -> bool:
    """Whether static/vendor is whole and was made from the lock file and the script as they are now."""
    vendor = root / "static" / "vendor"
    stamp = vendor / STAMP
    if not stamp.is_file() or stamp.read_text(encoding="utf-8").strip() != fingerprint(root):
        return False
    return all((vendor / name).is_file() for name in FILES)


def require(root: Path = ROOT) -> None:
    """Stop a wheel that would go out without its styles, scripts and letters."""
    if not is_current(root):
        raise AssetError("static/vendor is missing or out of date. Make it with: python3 run.py setup")


def build(npm: str, root: Path = ROOT) -> None:
    """Fetch the three npm packages by their hashes and put a new static/vendor in place of the old one."""
    static = root / "static"
    static.mkdir(exist_ok=True)
    for left_over in static.glob(".vendor-*"):
        shutil.rmtree(left_over)
    work = Path(tempfile.mkdtemp(prefix=".vendor-", dir=static))
    try:
        modules = _fetch(npm, root, work)
        made = work / "vendor"
        (made / "fonts").mkdir(parents=True)
        (made / "govuk.css").write_text(
            plain_govuk(_govuk(modules, "css").read_text(encoding="utf-8")), encoding="utf-8"
        )
        _put_script(used_govuk(_govuk(modules, "js").read_text(encoding="utf-8")), made / "govuk.js")
        _put_script((modules / "htmx.org" / "dist" / "htmx.min.js").read_text(encoding="utf-8"), made / "htmx.js")
        _web_fonts(modules / "@fontsource" / FONT, made)
        _pdf_fonts(modules / "@fontsource" / FONT / "files", made / "fonts")
        (made / "LICENCES.txt").write_text(_licences(modules), encoding="utf-8")
        (made / STAMP).write_text(fingerprint(root) + "\n", encoding="utf-8")
        _check(made)
        _put_in_place(made, static / "vendor", work / "old")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def plain_govuk(css: str) -> str:
    """GOV.UK Frontend's styles without GDS Transport (licensed to gov.uk only) and without the royal crest."""
    css = re.sub(r"/\*! Copyright \(c\) 2011 by Margaret Calvert.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@font-face\{[^}]*GDS Transport[^}]*\}", "", css)
    css = re.sub(r"GDS Transport,\s*arial,\s*sans-serif", "var(--app-font,system-ui,sans-serif)", css)
    css = re.sub(r"font-family:GDS Transport", "font-family:var(--app-font,system-ui,sans-serif)", css)
    css = re.sub(r"url\(/assets/images/govuk-crest\.svg\)", "none", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    left = re.findall(r".{0,40}(?:GDS|/assets/|@font-face).{0,40}", css)
    if left:
        raise AssetError(f"govuk.css still names what only gov.uk may use: {left[:3]}. Mend plain_govuk().")
    return css


def used_govuk(script: str) -> str:
    """GOV.UK Frontend's script without the components that no page has: more than half of it.

    The one line of the package is a row of classes, each with what belongs to it, then `initAll` and what is exported.
    """
    start, end = re.search(r"function initAll\(", script), re.search(r"export\{([^}]*)\};?\s*(?://.*)?$", script)
    if start is None or end is None:
        raise AssetError("GOV.UK's script offers no initAll. Mend used_govuk().")
    first, *parts = re.split(r"(?=class \w+ extends (?:Configurable)?Component\{)", script[: start.start()])
    kept, gone = [first], list[str]()
    declared = set(re.findall(r"function (\w+)\(", script))
    for part in parts:
        name = part.split(" ", 2)[1]
        if name in (*COMPONENTS, "ConfigurableComponent"):
            kept.append(part)
        else:
            gone.append(name)
            kept += re.findall(r"(?<=;)const \w+=[^;]*;$", part)  # what stands between two classes may be anybody's
    waking = script[start.start() : end.start()]
    for name in gone:
        waking = re.sub(rf"\[{name}(?:,[\w.]+)?\],?", "", waking)
        waking = re.sub(rf"\b{name}\.moduleName=[^;]*;", "", waking)
    offered = ",".join(one for one in end.group(1).split(",") if one not in gone)
    used = "".join(kept) + waking.replace("],]", "]]") + f"export{{{offered}}};\n"
    declared -= set(re.findall(r"function (\w+)\(", used))
    left = [name for name in (*gone, *sorted(declared)) if re.search(rf"\b{name}\b", used)]
    missing = [name for name in COMPONENTS if f"class {name} extends" not in used]
    if left or missing:
        raise AssetError(f"GOV.UK's script is made differently now: {left} left, {missing} missing. Mend used_govuk().")
    return used


def _fetch(npm: str, root: Path, work: Path) -> Path:
    """`npm ci` in a folder of its own: the lock file's hashes are checked and no script of a package is run."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(root / name, work / name)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    for last in (False, True):
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode == 0:
            return work / "node_modules"
        if last:
            break
    raise AssetError(f"npm could not fetch the packages of package-lock.json:\n{done.stdout}{done.stderr}".rstrip())


def _govuk(modules: Path, kind: str) -> Path:
    return modules / "govuk-frontend" / "dist" / "govuk" / f"govuk-frontend.min.{kind}"


def _put_script(text: str, target: Path) -> None:
    target.write_text(re.sub(r"//# sourceMappingURL=.*", "", text).rstrip() + "\n", encoding="utf-8")


def _web_fonts(package: Path, made: Path) -> None:
    """The woff2 files and their @font-face rules, each limited to the characters it has (unicode-range)."""
    rules = []
    for style in WEB_STYLES:
        weight, _, slant = style.partition("-")
        sheet = package / (f"{weight}.css" if slant == "normal" else f"{weight}-{slant}.css")
        css = sheet.read_text(encoding="utf-8")
        for half in HALVES:
            name = f"{FONT}-{half}-{style}"
            rule = re.search(rf"/\* {name} \*/\s*(@font-face \{{.*?\}})", css, flags=re.DOTALL)
            if rule is None:
                raise AssetError(f"{sheet.name} of {FONT} has no rule for {name}")
            source = f"url(fonts/{name}.woff2) format('woff2')"
            rules.append(re.sub(r"src:[^;]*;", f"src: {source};", rule.group(1)))
            shutil.copy(package / "files" / f"{name}.woff2", made / "fonts")
    (made / "fonts.css").write_text("\n".join(rules) + "\n", encoding="utf-8")


def _pdf_fonts(files: Path, target: Path) -> None:
    """One TrueType file for each style, both halves joined, with the same bytes whenever it is made."""
    from fontTools import merge
    from fontTools.ttLib import TTFont

    for style, name in PDF_STYLES.items():
        with tempfile.TemporaryDirectory() as folder:
            halves = []
            for half in HALVES:
                font = TTFont(files / f"{FONT}-{half}-{style}.woff2", recalcTimestamp=False)
                font.flavor = None
                head = font["head"]
                halves.append(f"{folder}/{half}.ttf")
                font.save(halves[-1])
            options = merge.Options(drop_tables=["GSUB", "GPOS", "GDEF"])  # ReportLab shapes nothing
            joined = merge.Merger(options).merge(halves)
            joined.recalcTimestamp = False
            joined["head"].created, joined["head"].modified = head.created, head.modified
            joined.save(target / name)


def _licences(modules: Path) -> str:
    """Who made what, under which licence: travels with the files wherever they go."""
    parts = [
        "What static/vendor holds was made by others. GOV.UK Frontend is changed: its font and crest, and the\n"
        "components that no page has, are removed.\n"
    ]
    for name in ("govuk-frontend", "htmx.org", f"@fontsource/{FONT}"):
        about = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))
        parts.append(f"{name} {about['version']}\nLicence: {about['license']}\n{about.get('homepage', '')}\n")
        parts += [path.read_text(encoding="utf-8") for path in sorted((modules / name).glob("LICEN[CS]E*"))]
    return ("\n" + "-" * 72 + "\n").join(part.strip() + "\n" for part in parts)


def _check(made: Path) -> None:
    missing = [name for name in FILES if not (made / name).is_file() or not (made / name).stat().st_size]
    if missing:
        raise AssetError(f"the build lacks {', '.join(missing)}")
    if "initAll" not in (made / "govuk.js").read_text(encoding="utf-8"):
        raise AssetError("govuk.js offers no initAll")


def _put_in_place(made: Path, vendor: Path, old: Path) -> None:
    if vendor.exists():
        vendor.rename(old)
    made.rename(vendor)


def main() -> int:
    """Build when needed; `--npm` says which npm."""
    parser = argparse.ArgumentParser(description="Make static/vendor if it is missing or out of date.")
    parser.add_argument("--npm", default=shutil.which("npm"), help="the npm to use (default: the one on the path)")
    npm = parser.parse_args().npm
    if is_current():
        return 0
    if not npm:
        print("No npm was found. python3 run.py setup brings one.", file=sys.stderr)
        return 1
    try:
        build(npm)
    except AssetError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
