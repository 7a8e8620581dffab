"""Papers: what kinds are kept, who may read them, and how they are given out."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pikepdf
import pytest
from flask import Flask
from PIL import Image

from graduated.access.identity import acting, system_actor
from graduated.pupils import forms_papers, services
from graduated.pupils.queries_papers import Paper, latest_first
from graduated.rules.vocabulary import DocumentKind, Visibility
from graduated.uploads.kinds import DOCX, WrongFile
from graduated.uploads.outside import media_type_of
from tests.support.client import PageClient
from tests.support.world import World


def a_pdf(password: str = "") -> bytes:
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, encryption=pikepdf.Encryption(owner=password, user=password) if password else None)
    return out.getvalue()


def a_picture(form: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 4), "white").save(out, form)
    return out.getvalue()


def a_zip(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for name in names:
            parts.writestr(name, "<x/>")
    return out.getvalue()


WORD = ("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (a_pdf(), "application/pdf"),
        (a_picture("JPEG"), "image/jpeg"),
        (a_picture("PNG"), "image/png"),
        (a_zip(*WORD), DOCX),
    ],
)
def test_a_file_is_known_by_its_content(content: bytes, kind: str) -> None:
    assert media_type_of(BytesIO(content)) == kind


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<script>alert(1)</script>", "not a PDF"),
        (b"MZ" + bytes(100), "not a PDF"),
        (b"%PDF-1.7 and nothing else", "damaged"),
        (a_pdf("secret"), "password"),
        (a_picture("PNG")[:40], "damaged"),
        (a_zip("xl/workbook.xml"), "not a Word document"),
        (a_zip(*WORD, "word/vbaProject.bin"), "macros"),
        (b"PK\x03\x04 broken", "damaged"),
    ],
)
def test_what_is_not_kept_is_refused_with_the_way_to_mend_it(content: bytes, said: str) -> None:
    with pytest.raises(WrongFile, match=said):
        media_type_of(BytesIO(content))


def _keep(app: Flask, world: World, visibility: Visibility, content: bytes = b"") -> int:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        stored = app.extensions["files"].put([content or a_pdf()])
        words = services.PaperWords(DocumentKind.REPORT, f"Report {visibility.value}", None, "Dr Prýs", visibility)
        paper = services.NewPaper(words, stored.sha256, stored.size, "application/pdf")
        return services.add_document(world.pupils["zofia"], paper)


def test_a_teacher_keeps_a_paper_and_downloads_it_as_an_attachment_that_cannot_run(
    client: PageClient, world: World
) -> None:
    zofia, content = world.pupils["zofia"], a_pdf()
    client.sign_in("teacher")
    client.send(f"/pupils/{zofia}/papers/add", file=(BytesIO(content), "EP report.exe"), title="Ŵyn’s “EP” report/1",
                **{"dated-day": "14", "dated-month": "8", "dated-year": "2025"})  # fmt: skip
    page = client.get(f"/pupils/{zofia}/papers").text
    assert "14 Aug 2025" in page and "Tom Fry" in page
    where = re.search(r'href="(/pupils/\d+/papers/\d+/file)"', page)
    assert where is not None
    answer = client.get(where[1])
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/pdf"


def test_too_large_an_empty_and_a_wrong_file_are_refused_and_the_words_stay(
    client: PageClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert forms_papers.MOST_BYTES == 25 * 1024 * 1024
    # A lower limit, so that the test need not send 25 MB.
    monkeypatch.setattr(forms_papers, "MOST_BYTES", 100_000)
    zofia = world.pupils["zofia"]
    client.sign_in("senco")
    page = f"/pupils/{zofia}/papers/add"
    for content, said in (
        (b"%PDF-" + bytes(100_000), "larger than 25 MB"),
        (b"", "Choose the file"),
        (b"GIF89a", "not a PDF"),
    ):
        answer = client.send(page, status=422, file=(BytesIO(content), "x.pdf"), title="A report of ours")
        assert said in answer.text or "This file is empty" in answer.text
        assert 'value="A report of ours"' in answer.text
    assert "No paper is kept yet" in client.text(f"/pupils/{zofia}/papers")


READERS = {
    Visibility.STAFF: {"senco", "assistant", "head", "teacher", "ta", "safeguarding"},
    Visibility.FAMILY: {"senco", "assistant", "head", "teacher", "ta", "safeguarding"},
    Visibility.RESTRICTED: {"senco", "head", "safeguarding"},
    Visibility.KEPT: {"safeguarding"},
}


@pytest.mark.parametrize("visibility", list(Visibility))
def test_a_paper_is_seen_by_those_of_its_level_only(
    app: Flask, client: PageClient, world: World, visibility: Visibility
) -> None:
    paper, zofia = _keep(app, world, visibility), world.pupils["zofia"]
    for who in ("senco", "assistant", "head", "teacher", "ta", "safeguarding"):
        client.sign_in(who)
        may = who in READERS[visibility]
        assert client.status(f"/pupils/{zofia}/papers/{paper}/file") == (200 if may else 404), who
        assert (f"Report {visibility.value}" in client.text(f"/pupils/{zofia}/papers")) is may, who
    for who in ("other_teacher", "parent", "barred_parent", "admin", "dpo", "other_school"):
        assert client.sign_in(who).status(f"/pupils/{zofia}/papers/{paper}/file") == 404, who


def test_a_paper_without_a_date_stands_by_the_day_of_its_upload() -> None:
    def paper(number: int, dated: date | None, day: int) -> Paper:
        moment = datetime(2026, 3, day, 12, tzinfo=UTC)
        sort, who = (DocumentKind.REPORT, "Report", dated, "", "", 1, "", Visibility.STAFF, 1), "Ms Vine"
        return Paper(number, *sort, moment, who)

    papers = [paper(1, date(2026, 3, 4), 5), paper(2, date(2026, 3, 1), 9), paper(3, None, 8), paper(4, None, 2)]
    assert [one.document_id for one in latest_first(papers)] == [3, 1, 4, 2]


def test_a_paper_of_one_pupil_is_not_found_under_another(app: Flask, client: PageClient, world: World) -> None:
    paper = _keep(app, world, Visibility.STAFF)
    client.sign_in("senco")
    assert client.status(f"/pupils/{world.pupils['ivy']}/papers/{paper}/file") == 404


def test_restricted_papers_are_added_and_opened_by_the_safeguarding_lead_alone(
    app: Flask, client: PageClient, world: World
) -> None:
    zofia = world.pupils["zofia"]
    for who, status in (("senco", 403), ("head", 403), ("assistant", 404), ("teacher", 404), ("ta", 404)):
        assert client.sign_in(who).status(f"/pupils/{zofia}/papers/restricted") == status, who
    client.sign_in("safeguarding")
    client.send(f"/pupils/{zofia}/papers/restricted", file=(BytesIO(a_pdf()), "x.pdf"), title="Chronology",
                visibility="kept")  # fmt: skip
    assert "Chronology" in client.text(f"/pupils/{zofia}/papers")
    assert "Chronology" not in client.sign_in("senco").text(f"/pupils/{zofia}/papers")


def test_who_may_not_restrict_cannot_send_a_restricted_level(client: PageClient, world: World) -> None:
    client.sign_in("teacher")
    page = f"/pupils/{world.pupils['zofia']}/papers/add"
    for level in ("kept", "family"):
        answer = client.send(page, status=422, file=(BytesIO(a_pdf()), "x.pdf"), title="X", visibility=level)
        assert "Not a valid choice" in answer.text


def test_the_senco_opens_a_paper_to_the_family_but_not_a_restricted_one(
    app: Flask, client: PageClient, world: World
) -> None:
    zofia = world.pupils["zofia"]
    plain, restricted = _keep(app, world, Visibility.STAFF), _keep(app, world, Visibility.RESTRICTED)
    client.sign_in("senco")
    client.send(f"/pupils/{zofia}/papers/{plain}", visibility="family")
    assert "Family and staff" in client.text(f"/pupils/{zofia}/papers")
    assert client.status(f"/pupils/{zofia}/papers/{restricted}") == 403
    assert client.sign_in("teacher").status(f"/pupils/{zofia}/papers/{plain}") == 403
