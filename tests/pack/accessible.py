"""Every check that a PDF of ours must pass, whoever makes it: both validators, both formats, and the file itself."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import outloud
import page as validator
import pikepdf

_PROFILES = (validator.ValidationProfile.PDF_UA_1, validator.ValidationProfile.PDF_A_2A)
_LEAST_RULES = 100
_OF_THE_PLACE = "PAG-001"
"""It takes each line that stands within 12 % of the paper's edge on three pages for a running head, content too, such
as "Plan: outcome 1" where pages of cycle after cycle happen to begin with it. What it looks for is looked for here:
that what the press prints at head and foot of each page is marked as furniture.
"""
_FURNITURE = re.compile(rb"/Artifact <</Type /Pagination /Subtype /(Header|Footer)>> BDC")


def faults_of(pdf: bytes, folder: Path) -> list[str]:
    """What any check finds wrong, warnings too; nothing when all is well."""
    path = folder / "checked.pdf"
    path.write_bytes(pdf)
    return [*_by_profile(path), *_by_reader(path), *_by_file(path)]


def assert_accessible(pdf: bytes, folder: Path) -> None:
    """Fail with every fault at once."""
    found = faults_of(pdf, folder)
    assert not found, "\n".join(found)


def _by_profile(path: Path) -> list[str]:
    out = []
    for profile in _PROFILES:
        report = validator.validate_pdf(str(path), profile=profile)
        out += [f"{profile}: {one.rule_id} {one.message}" for one in report.failures]
        if report.rules.total < _LEAST_RULES or report.is_compliant is not (not report.failures):
            out.append(f"{profile}: only {report.rules.total} rules were looked at")
    return out


def _by_reader(path: Path) -> list[str]:
    report = outloud.check(str(path), skip=[_OF_THE_PLACE])
    out = [f"outloud: {report.error}"] if report.error else []
    told = (one for one in report.findings if one.severity in ("error", "warning"))
    return out + [f"outloud: {one.rule} {one.message} (page {one.page}: {one.evidence})" for one in told]


def _by_file(path: Path) -> list[str]:
    out = []
    with pikepdf.open(path) as document:
        for number, sheet in enumerate(document.pages, 1):
            kinds = sorted(_FURNITURE.findall(_drawn(sheet)))
            if kinds != [b"Footer", b"Header"]:
                out.append(f"page {number}: its head and foot are not furniture, but {kinds}")
    if shutil.which("qpdf"):
        told = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
        out += [f"qpdf: {told.stdout}{told.stderr}"] if told.returncode else []
    return out


def _drawn(sheet: pikepdf.Page) -> bytes:
    sheet.contents_coalesce()
    return bytes(sheet.Contents.read_bytes())
