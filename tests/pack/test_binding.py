"""The pack with its documents: every page stamped, every document found, nothing that acts, the same bytes again."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageOps

from graduated.pack.bind_apart import bind_apart
from graduated.pack.binding import Bindable, Bound, Stamp, bind
from graduated.pack.evidence_pack import render_pack
from graduated.uploads import limits
from graduated.uploads.kinds import DOCX, JPEG, PDF, PNG
from tests.pack.builders import BUILDER, HASH, MOMENT, content
from tests.pack.reading import pages_of, run
from tests.uploads import files

pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("pdftotext", "pdftoppm", "qpdf")),
    reason="needs the Debian packages poppler-utils and qpdf",
)
ABOUT = Stamp("Zofia Szymańska", datetime(2026, 11, 24, 15, 30, tzinfo=UTC), HASH)
SIZES = ((595, 842), (420, 595), (842, 595), (612, 792), (842, 1191))


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pack") / "pack.pdf"
    path.write_bytes(render_pack(content(), MOMENT, BUILDER, HASH).pdf)
    return path


def report(number: int, count: int) -> bytes:
    """A report of so many pages of different sizes that lie in different ways, each with its own words."""

    def fill(made: pikepdf.Pdf) -> None:
        font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        shared = made.make_indirect(Dictionary(Font=Dictionary(F1=font)))
        for at, page in enumerate(made.pages, start=1):
            page.obj.MediaBox = Array([0, 0, *SIZES[(number + at) % len(SIZES)]])
            page.obj.Resources = shared
            page.obj.Rotate = at % 4 * 90
            words = (
                f"BT /F1 14 Tf 60 300 Td (Report {number} sheet {at}) Tj ET q 2 0 0 2 0 0 cm"  # left turned and open
            )
            page.obj.Contents = made.make_stream(words.encode())

    return files.pdf(count, fill)


def bound(folder: Path, pack: Path, documents: list[tuple[bytes, str]], name: str = "bound.pdf") -> tuple[Path, Bound]:
    listed = []
    for number, (content_, kind) in enumerate(documents, start=1):
        path = folder / f"{number}"
        path.write_bytes(content_)
        listed.append(Bindable(number, f"Report {number}", kind, path, f"{number:02d} Report {number}"))
    out = folder / name
    return out, bind(pack, out, listed, ABOUT)


def own_pages(pack: Path) -> int:
    with pikepdf.open(pack) as pdf:
        return len(pdf.pages)


COUNTS = [5 + number * 35 // 19 for number in range(20)]


def test_twenty_documents_are_bound_with_bookmarks_and_a_stamp_on_every_page(tmp_path: Path, pack: Path) -> None:
    out, made = bound(tmp_path, pack, [(report(number, count), PDF) for number, count in enumerate(COUNTS, start=1)])
    own = own_pages(pack)
    assert (min(COUNTS), max(COUNTS), made.pages, made.notes) == (5, 40, own + sum(COUNTS), ())
    pages = pages_of(out.read_bytes(), tmp_path)
    at = own
    for number, count in enumerate(COUNTS, start=1):
        assert made.first_pages[number] == at + 1
        for page in range(1, count + 1):
            assert f"Report {number} sheet {page}" in pages[at]
            line = (
                f"Document {number}, page {page} of {count} · Zofia Szymańska · Confidential · Built 24 November 2026"
            )
            assert line in pages[at] and HASH[:12] in pages[at]
            at += 1
    with pikepdf.open(out) as pdf, pdf.open_outline() as outline:
        last = outline.root[-1]
        assert last.title == "Documents" and [one.title for one in last.children][:2] == ["1. Report 1", "2. Report 2"]
        places = {page.obj.objgen: index for index, page in enumerate(pdf.pages, start=1)}
        leads_to = [places[one.to_dictionary_object(pdf).Dest[0].objgen] for one in last.children]
        assert leads_to == list(made.first_pages.values())
        for number, first in made.first_pages.items():
            box = [float(edge) for edge in pdf.pages[first - 1].mediabox]
            assert tuple(box[2:]) == SIZES[(number + 1) % len(SIZES)] and pdf.pages[first - 1].obj.Rotate == 90
    checked = run(["qpdf", "--check"], out.read_bytes(), tmp_path)
    assert checked.returncode == 0 and "No syntax or stream encoding errors" in checked.stdout, checked.stderr


def test_the_stamp_stands_upright_at_the_foot_whichever_way_a_page_lies(tmp_path: Path, pack: Path) -> None:
    def lay(made: pikepdf.Pdf) -> None:
        for at, page in enumerate(made.pages):
            page.obj.Rotate = at % 4 * 90
            if at >= 4:
                page.obj.CropBox = Array([50, 100, 500, 700])
            if at >= 8:
                page.obj.UserUnit = 2

    out, made = bound(tmp_path, pack, [(files.pdf(12, lay), PDF)])
    said = subprocess.run(
        ["pdftotext", "-bbox", "-f", str(made.first_pages[1]), str(out), "-"], capture_output=True, check=True
    ).stdout.decode()
    sheets = said.split("<page ")[1:]
    assert len(sheets) == 12
    for inside in sheets:
        first, second = (
            [float(edge) for edge in found]
            for found in re.findall(r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)"', inside)[:2]
        )
        assert second[0] > first[2] - 1 and abs(first[1] - second[1]) < 0.5, "it is read from left to right"
    subprocess.run(
        ["pdftoppm", "-cropbox", "-r", "72", "-gray", "-f", str(made.first_pages[1]), str(out), str(tmp_path / "seen")],
        check=True,
    )
    for path in sorted(tmp_path.glob("seen*")):
        with Image.open(path) as seen:
            inked = ImageOps.invert(seen).getbbox()
            assert inked is not None and seen.height - 20 < inked[1] < inked[3] < seen.height, "it is at the foot"
            assert inked[2] - inked[0] > 150


def test_the_list_of_documents_leads_to_each_document(tmp_path: Path, pack: Path) -> None:
    out, made = bound(tmp_path, pack, [(files.pdf(3), PDF), (files.pdf(2), PDF)])
    found = {}
    with pikepdf.open(out) as pdf:
        places = {page.obj.objgen: index for index, page in enumerate(pdf.pages, start=1)}
        texts = pages_of(out.read_bytes(), tmp_path)
        for index, page in enumerate(pdf.pages, start=1):
            for link in page.obj.get("/Annots", Array()):
                if str(link.get("/Contents", "")).startswith("Go to document"):
                    assert "No." in texts[index - 1] and float(link.Rect[3]) - float(link.Rect[1]) == pytest.approx(15)
                    found[str(link.Contents)] = places[link.Dest[0].objgen]
    assert found == {"Go to document 1": made.first_pages[1], "Go to document 2": made.first_pages[2]}


def test_the_same_files_and_moment_give_the_same_bytes(tmp_path: Path, pack: Path) -> None:
    documents = [(report(1, 6), PDF), (files.with_places(), JPEG), (b"%PDF-broken", PDF), (files.picture(), PNG)]
    first, _ = bound(tmp_path, pack, documents, "first.pdf")
    second, _ = bound(tmp_path, pack, documents, "second.pdf")
    assert first.read_bytes() == second.read_bytes()


def acting() -> bytes:
    """A PDF that acts in every way there is."""

    def act(made: pikepdf.Pdf) -> None:
        script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        made.Root.OpenAction = script
        made.Root.AA = Dictionary(WC=script)
        made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))
        made.attachments["payload.exe"] = b"MZ"
        page = made.pages[0].obj
        page.AA = Dictionary(O=script)
        form = made.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]))
        form.Ref = Dictionary(F=String("http://evil.example/x.pdf"), Page=0)
        form.OPI = Dictionary()
        page.Resources = Dictionary(XObject=Dictionary(X=form))
        page.Annots = Array(
            made.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name(kind), Rect=Array([0, 0, 9, 9]), **more))
            for kind, more in (
                ("/Link", {"A": Dictionary(S=Name.Launch, F=String("cmd.exe"))}),
                ("/Link", {"A": Dictionary(S=Name.URI, URI=String("https://evil.example/"))}),
                ("/Screen", {"A": Dictionary(S=Name.Rendition, JS=String("x"))}),
                ("/RichMedia", {}), ("/FileAttachment", {}),
            )
        )  # fmt: skip

    return files.pdf(1, act)


def test_nothing_that_acts_is_bound_in(tmp_path: Path, pack: Path) -> None:
    out, made = bound(tmp_path, pack, [(acting(), PDF)])
    assert made.notes == ()
    with pikepdf.open(out) as pdf:
        assert "/OpenAction" not in pdf.Root and not pdf.attachments
        assert "/Annots" not in pdf.pages[-1].obj and "/AA" not in pdf.pages[-1].obj
    shown = tmp_path / "plain.pdf"
    subprocess.run(["qpdf", "--qdf", "--object-streams=disable", str(out), str(shown)], check=True)
    raw = shown.read_bytes()
    for sign in (
        b"JavaScript",
        b"/Launch",
        b"cmd.exe",
        b"evil.example",
        b"/EmbeddedFile",
        b"/AA ",
        b"/RichMedia",
        b"/OPI",
    ):
        assert sign not in raw, sign


def test_what_was_filled_in_on_a_form_is_printed_on_the_page(tmp_path: Path, pack: Path) -> None:
    def fill(made: pikepdf.Pdf) -> None:
        font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        field = made.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("who"), V=String("Dr Shah"),
                       DA=String("/F1 12 Tf"), Rect=Array([100, 700, 300, 720]), F=4)
        )  # fmt: skip
        made.pages[0].obj.Annots = Array([field])
        made.Root.AcroForm = Dictionary(
            Fields=Array([field]), NeedAppearances=True, DA=String("/F1 12 Tf"), DR=Dictionary(Font=Dictionary(F1=font))
        )

    out, made = bound(tmp_path, pack, [(files.pdf(1, fill), PDF)])
    assert "Dr Shah" in pages_of(out.read_bytes(), tmp_path)[made.first_pages[1] - 1]


CANNOT: list[tuple[str, Callable[[], bytes], str, str]] = [
    ("with a password", files.locked, PDF, "Its file is damaged"),
    ("cut short", lambda: files.pdf(9)[:90], PDF, "Its file is damaged"),
    ("a picture cut short", lambda: files.picture("JPEG", (900, 900))[:700], JPEG, "Its file is damaged"),
    ("a picture too large", lambda: files.picture(size=(20_000, 20_000), mode="1"), PNG, "Its file is damaged"),
    ("of Word", files.word, DOCX, "cannot be printed here"),
    ("with hidden layers", lambda: files.pdf(1, lambda made: made.Root.__setattr__("OCProperties", Dictionary(
        D=Dictionary(OFF=Array([Dictionary(Name=String("Draft"))]))))), PDF, "hidden layers"),
]  # fmt: skip


def _odd(key: str, value: object) -> Callable[[], bytes]:
    return lambda: files.pdf(1, lambda made: made.pages[0].obj.__setitem__(key, value))


CANNOT += [
    ("turned by a name", _odd("/Rotate", Name.Foo), PDF, "Its file is damaged"),
    ("with a unit that is a name", _odd("/UserUnit", Name.X), PDF, "Its file is damaged"),
    ("cut to one edge", _odd("/CropBox", Array([1])), PDF, "Its file is damaged"),
    ("with words for shapes", _odd("/Resources", Dictionary(XObject=String("x"))), PDF, "Its file is damaged"),
    ("with layers hidden by a rule", lambda: files.pdf(1, _ruled), PDF, "hidden layers"),
    ("with a rule right on the page", _odd("/Resources", Dictionary(Properties=Dictionary(
        MC0=Dictionary(Type=Name.OCMD, P=Name.AllOff)))), PDF, "hidden layers"),
    ("with layers by use", lambda: files.pdf(1, lambda made: made.Root.__setattr__("OCProperties", Dictionary(
        D=Dictionary(AS=Array([Dictionary(Event=Name.View)]))))), PDF, "hidden layers"),
]  # fmt: skip


def _ruled(made: pikepdf.Pdf) -> None:
    """A layer that is on, and a rule that shows something only while it is off."""
    layer = made.make_indirect(Dictionary(Type=Name.OCG, Name=String("Draft")))
    made.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(ON=Array([layer])))
    rule = made.make_indirect(Dictionary(Type=Name.OCMD, OCGs=layer, P=Name.AllOff))
    made.pages[0].obj.Resources = Dictionary(Properties=Dictionary(MC0=rule))


@pytest.mark.parametrize(("make", "kind", "why"), [row[1:] for row in CANNOT], ids=[row[0] for row in CANNOT])
def test_a_document_that_cannot_be_bound_has_a_page_that_says_so(
    tmp_path: Path, pack: Path, make: Callable[[], bytes], kind: str, why: str
) -> None:
    out, made = bound(tmp_path, pack, [(files.pdf(2), PDF), (make(), kind), (files.pdf(1), PDF)])
    assert made.first_pages == {1: own_pages(pack) + 1, 2: own_pages(pack) + 3, 3: own_pages(pack) + 4}
    assert len(made.notes) == 1 and made.notes[0].startswith("Document 2, “Report 2”, is not bound in: ")
    page = " ".join(pages_of(out.read_bytes(), tmp_path)[made.first_pages[2] - 1].split())
    assert "This document is not bound in here." in page and why in page
    assert "02 Report 2" in page and "Document 2, page 1 of 1" in page


def test_a_picture_fills_a_sheet_upright_and_leaves_its_place_and_maker_behind(tmp_path: Path, pack: Path) -> None:
    out, made = bound(
        tmp_path, pack, [(files.with_places((1600, 1200)), JPEG), (files.picture("PNG", (900, 300)), PNG)]
    )
    with pikepdf.open(out) as pdf:
        upright, wide = (pdf.pages[made.first_pages[number] - 1] for number in (1, 2))
        assert [round(float(edge)) for edge in upright.mediabox] == [0, 0, 595, 842]
        assert [round(float(edge)) for edge in wide.mediabox] == [0, 0, 842, 595]
        shown = upright.obj.Resources.XObject.Picture
        assert (shown.Width, shown.Height) == (1200, 1600)
    raw = out.read_bytes()
    assert b"Kowalska" not in raw and b"taken at home" not in raw and b"Exif" not in raw


def test_a_bound_pack_is_one_document_again_and_claims_nothing_that_is_not_so(tmp_path: Path, pack: Path) -> None:
    inner, _ = bound(tmp_path, pack, [(report(1, 2), PDF)], "inner.pdf")
    out, made = bound(tmp_path, pack, [(inner.read_bytes(), PDF)])
    pages = pages_of(out.read_bytes(), tmp_path)
    assert made.notes == () and "Report 1 sheet 2" in pages[-1]
    with pikepdf.open(out) as pdf, pdf.open_metadata() as meta:
        assert str(meta["dc:title"]).endswith(", with documents") and str(pdf.docinfo.Title) == meta["dc:title"]
        assert "pdfuaid:part" not in meta and "pdfaid:part" not in meta


_MEASURE = """
import resource, sys
from pathlib import Path
from datetime import UTC, datetime
from graduated.pack.binding import Bindable, Stamp, bind
folder = Path(sys.argv[1])
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
def listed(count):
    return [Bindable(n, f"Report {n}", "application/pdf", folder / "heavy", "x") for n in range(1, count + 1)]
about = Stamp("Zofia", datetime(2026, 11, 24, tzinfo=UTC), "0" * 64)
bind(folder / "small.pdf", folder / "out.pdf", listed(1), about)
before = peak()
made = bind(folder / "small.pdf", folder / "out.pdf", listed(30), about)
print(made.pages, peak() - before)
"""


def test_three_hundred_pages_of_scans_take_little_memory(tmp_path: Path) -> None:
    def scan(made: pikepdf.Pdf) -> None:
        for number, page in enumerate(made.pages):
            shown = pikepdf.Stream(
                made, files.noise(300_000 + number), Type=Name.XObject, Subtype=Name.Image, Width=9, Height=9,
                ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode,
            )  # fmt: skip
            page.obj.Resources = Dictionary(XObject=Dictionary(X=shown))

    (tmp_path / "heavy").write_bytes(files.pdf(10, scan))
    (tmp_path / "small.pdf").write_bytes(files.pdf(1))
    said = subprocess.run(
        [sys.executable, "-P", "-c", _MEASURE, str(tmp_path)], capture_output=True, check=True, text=True,
        env={"PYTHONPATH": str(Path(render_pack.__globals__["__file__"]).parents[2])},
    ).stdout.split()  # fmt: skip
    assert int(said[0]) == 301 and int(said[1]) < 60_000, said
    assert (tmp_path / "out.pdf").stat().st_size > 3_000_000


def test_binding_is_done_in_a_process_of_its_own(tmp_path: Path, pack: Path) -> None:
    (tmp_path / "one").write_bytes(files.bomb(300 * 1024 * 1024))
    documents = [Bindable(1, "Bomb", PDF, tmp_path / "one", "01 Bomb.pdf")]
    made = bind_apart(pack, tmp_path / "apart.pdf", documents, ABOUT)
    assert made == bind(pack, tmp_path / "here.pdf", documents, ABOUT)
    assert (tmp_path / "apart.pdf").read_bytes() == (tmp_path / "here.pdf").read_bytes()
    assert (tmp_path / "apart.pdf").stat().st_size < 2_000_000, "nothing was unpacked"


def test_an_error_in_the_binding_is_not_called_a_want_of_time_or_memory(tmp_path: Path) -> None:
    (tmp_path / "pack.pdf").write_bytes(b"no pack")
    with pytest.raises(limits.Crashed):
        bind_apart(tmp_path / "pack.pdf", tmp_path / "out.pdf", [], ABOUT)
