"""The evidence pack, read back from its bytes with pdftotext, qpdf and pdffonts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pytest

from graduated.pack.content import (
    AreaOfNeed,
    Attendance,
    Event,
    GapLine,
    Observation,
    PackContent,
    Pupil,
    Responsibility,
    School,
    Section,
    SectionTitle,
    View,
)
from graduated.pack.evidence_pack import render_pack
from graduated.pack.press import Rendered
from graduated.rules.vocabulary import GapState

from .builders import BUILDER, CONTACTS, HASH, MOMENT, PUPIL, content
from .reading import body_of, pages_of, run, squeezed, strings, text_of

pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("pdftotext", "qpdf", "pdffonts")),
    reason="needs the Debian packages poppler-utils and qpdf",
)
# Keys, not words: they join records and are never printed.
_KEYS = re.compile(r"\.(anchor|anchors\[\d+\]|key|series)$|\.sections\[\d+\]\.section$|\.addresswithheld")


@pytest.fixture(scope="module")
def pack() -> Rendered:
    return render_pack(content(), MOMENT, BUILDER, HASH)


def build(**changes: object) -> Rendered:
    return render_pack(content(**changes), MOMENT, BUILDER, HASH)


@pytest.mark.parametrize("order", [(), ("-raw",)], ids=["reading order", "order of drawing"])
def test_every_text_is_found_as_it_was_typed(pack: Rendered, tmp_path: Path, order: tuple[str, ...]) -> None:
    found = squeezed(body_of(pack.pdf, tmp_path, *order))
    withheld = {text for _, text in strings(CONTACTS[1])} - {CONTACTS[1].name}
    lost = [
        (path, text)
        for path, text in strings(content())
        if not _KEYS.search(path) and text not in withheld and squeezed(text) not in found
    ]
    assert lost == []


def test_every_date_and_figure_of_a_cycle_is_found(pack: Rendered, tmp_path: Path) -> None:
    found = squeezed(body_of(pack.pdf, tmp_path))
    for words in (
        "9 March 2017",
        "16 Sep 2024 to 12 Dec 2024",
        "580 of 720 minutes delivered to date (81%)",
        "No adult free 60, Ill or away 20",
        "60 not recorded",
        "720 minutes planned to date; delivery is not",
        "£648.20",
        "£6,000.00",
        "15 minutes, 4 times a week, 12 weeks",
        "Outcomes 1, 2",
    ):
        assert squeezed(words) in found, words


def test_names_of_europe_print_right(pack: Rendered, tmp_path: Path) -> None:
    text = text_of(pack.pdf, tmp_path)
    for name in (
        "Szymańska",
        "O'Brien",
        "Siân",
        "Zoë",
        "Ömer Yıldız",
        "Łuczak-O'Neill",
        "Řezníček",
        "Łódź",
        "Małgorzata",
    ):
        assert name in text
    assert pack.warnings == ()


def test_contents_and_index_name_the_pages_where_things_stand(pack: Rendered, tmp_path: Path) -> None:
    pages = pages_of(pack.pdf, tmp_path)
    contents = next(page for page in pages if re.search(r"^Contents$", page, re.M))
    for title in ("The pupil", "Chronology", "Measures", "Declaration", "Cycle 3: 6 May 2025 to 9 Jul 2025"):
        entry = re.search(rf"{re.escape(title)}\s+(\d+)", contents)
        assert entry, title
        number = int(entry[1])
        assert re.search(rf"^{re.escape(title)}$", pages[number - 1], re.M), (title, number)
    index = next(page for page in pages if re.search(r"^Evidence index$", page, re.M) and page is not contents)
    line = re.search(r"Cycles of assess[^\n]*\n(?:.*\n)*?([\d, \n]+)$", index, re.M)
    assert line
    shown = [int(number) for number in line[1].replace("\n", " ").split(",")]
    for number, page in zip(range(1, 7), shown, strict=True):
        assert f"Cycle {number}: " in pages[page - 1]


def test_the_words_of_a_contents_line_come_before_its_number(pack: Rendered, tmp_path: Path) -> None:
    drawn = text_of(pack.pdf, tmp_path, "-raw")
    assert re.search(r"The pupil\s+\d+\s+The family\s+\d+", drawn)


def test_contents_lines_can_be_clicked_and_the_outline_names_them(pack: Rendered, tmp_path: Path) -> None:
    path = tmp_path / "p.pdf"
    path.write_bytes(pack.pdf)
    with pikepdf.open(path) as pdf:
        links = [a for page in pdf.pages for a in page.get("/Annots", []) if a.get("/Subtype") == "/Link"]
        assert len(links) > 50
        assert str(pdf.Root.Lang) == "en-GB"
        assert str(pdf.docinfo["/Title"]) == "SEN evidence pack: Zofia Maria Szymańska"
        assert str(pdf.docinfo["/Author"]) == "Purbeck Road Primary School"
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261104154200+00'00'"
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
            cycles = next(item for item in outline.root if item.title.startswith("Assess, plan"))
    assert titles[:4] == ["Summary", "Contents", "Reason for the request", "Evidence index"]
    assert len(cycles.children) == 6


def test_every_page_says_whose_it_is(pack: Rendered, tmp_path: Path) -> None:
    pages = pages_of(pack.pdf, tmp_path)
    assert len(pages) == pack.pages
    for number, page in enumerate(pages, 1):
        assert "Zofia Maria Szymańska · SEN evidence pack" in page
        assert "Confidential" in page
        assert "Built 4 November 2026 at 15:42 · manifest 3f9a2c1d04be" in page
        assert f"Page {number} of {pack.pages}" in page


def test_the_file_is_sound_and_all_fonts_are_inside(pack: Rendered, tmp_path: Path) -> None:
    assert run(["qpdf", "--check"], pack.pdf, tmp_path).returncode == 0
    lines = run(["pdffonts"], pack.pdf, tmp_path).stdout.splitlines()[2:]
    assert lines
    for line in lines:
        assert "AtkinsonHyperlegibleNext" in line
        assert line.split()[-5:-2] == ["yes", "yes", "yes"], line


def test_the_same_content_and_moment_give_the_same_bytes(pack: Rendered, tmp_path: Path) -> None:
    assert build().pdf == pack.pdf
    other = tmp_path / "other.pdf"
    code = (
        "import sys; from pathlib import Path; from pack.builders import *; "
        "from graduated.pack.evidence_pack import render_pack; "
        f"Path({str(other)!r}).write_bytes(render_pack(content(), MOMENT, BUILDER, HASH).pdf)"
    )
    root = Path(__file__).parents[2]
    paths = os.pathsep.join((str(root / "src"), str(root / "tests")))
    env = os.environ | {"PYTHONPATH": paths, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "1"}
    subprocess.run([sys.executable, "-c", code], env=env, check=True)
    assert other.read_bytes() == pack.pdf


def test_another_moment_or_manifest_gives_other_bytes(pack: Rendered) -> None:
    assert render_pack(content(), datetime(2026, 11, 5, tzinfo=UTC), BUILDER, HASH).pdf != pack.pdf
    assert render_pack(content(), MOMENT, BUILDER, "0" * 64).pdf != pack.pdf


def test_a_cycle_from_paper_says_so_with_its_entry_date(pack: Rendered, tmp_path: Path) -> None:
    text = text_of(pack.pdf, tmp_path)
    assert text.count("Brought forward from paper. Entered on 4 September 2026 by Hannah Legg.") == 2


def test_a_family_copy_tells_no_parent_where_the_other_lives(tmp_path: Path) -> None:
    text = squeezed(text_of(build(for_family=True).pdf, tmp_path))
    for contact in CONTACTS:
        for secret in (contact.address, contact.telephone, contact.email):
            assert not secret or squeezed(secret) not in text
    assert squeezed(PUPIL.address) not in text
    assert squeezed("A family can ask the authority for an assessment themselves, at any time.") in text


def test_a_withheld_contact_is_in_no_copy(pack: Rendered, tmp_path: Path) -> None:
    text = squeezed(text_of(pack.pdf, tmp_path))
    assert squeezed(CONTACTS[0].telephone) in text
    assert squeezed(CONTACTS[1].telephone) not in text
    assert squeezed(CONTACTS[1].address) not in text
    assert "Keptconfidentialbytheschool" in text


def test_a_withheld_address_of_the_pupil_is_in_no_copy(tmp_path: Path) -> None:
    hidden = replace(PUPIL, address="9 Hidden Row", address_withheld=True)
    assert "9HiddenRow" not in squeezed(text_of(build(pupil=hidden).pdf, tmp_path))


def test_a_pack_of_nothing_says_what_is_not_recorded(tmp_path: Path) -> None:
    bare = PackContent(school=School(name="Purbeck Road Primary School"), pupil=Pupil(legal_name="Zoë O'Brien"))
    made = render_pack(bare, MOMENT, BUILDER, HASH)
    text = squeezed(text_of(made.pdf, tmp_path))
    for words in (
        "No reason for a request is recorded.",
        "No evidence index is recorded.",
        "No adult of the family is recorded.",
        "No pupil's views are recorded.",
        "No parent's views are recorded.",
        "No strengths or difficulties are recorded.",
        "No events are recorded.",
        "No cycle is recorded.",
        "No measures are recorded.",
        "No provision is recorded.",
        "No involvement of a professional is recorded.",
        "No attendance is recorded.",
        "No outcomes sought are recorded.",
        "No agreement of the family is recorded.",
        "No documents are attached.",
        "No declaration is recorded.",
    ):
        assert squeezed(words) in text, words
    assert made.warnings == ()


def test_sections_come_in_the_order_and_under_the_headings_of_the_profile(tmp_path: Path) -> None:
    chosen = (
        SectionTitle(Section.VIEWS, "Part 1: what the family says"),
        SectionTitle(Section.MEASURES, "Part 2: data"),
    )
    text = text_of(build(sections=chosen).pdf, tmp_path)
    assert text.rindex("Part 1: what the family says") < text.rindex("Part 2: data")
    assert "Declaration" not in text


NASTY = "<b>bold</b> & <a href='x'>link</a> {{7*7}} <para> &amp; ]]> <br/> %s \\n (cid:1)"


def test_markup_of_users_is_printed_and_never_obeyed(tmp_path: Path) -> None:
    nasty = content(
        request=replace(content().request, reason=NASTY, asked_by=NASTY),  # type: ignore[type-var]
        pupil=replace(PUPIL, legal_name=f"Zoë {NASTY}", address=NASTY),
        events=(Event(on=date(2025, 1, 2), kind=NASTY, text=NASTY),),
        areas=(AreaOfNeed(area=NASTY, strengths=(Observation(text=NASTY, source=NASTY),)),),
        cycles=tuple(
            replace(c, responsibilities=(Responsibility(who=NASTY, text=NASTY),)) for c in content().cycles[:1]
        ),
    )
    made = render_pack(nasty, MOMENT, NASTY, HASH)
    text = squeezed(body_of(made.pdf, tmp_path, "-raw"))
    assert text.count(squeezed(NASTY)) >= 8
    assert "49" not in re.findall(r"\{\{.*?\}\}", text)


def test_very_long_texts_are_printed_whole(tmp_path: Path) -> None:
    long_word = "Donaudampfschifffahrt" * 60
    story = " ".join(f"Zofia read page {i} with Mrs Tuck." for i in range(330))
    lines = "\n".join(f"line {i} of the log" for i in range(2000))
    big = content(
        request=replace(content().request, reason=story),  # type: ignore[type-var]
        events=(Event(on=date(2025, 1, 2), kind="Log", text=lines, source=long_word),),
        views=(View(whose="Pupil", person=long_word, how="", on=date(2026, 1, 2), text=story),),
        pupil=replace(PUPIL, legal_name="Zofia " + long_word, address=lines),
        attendance=Attendance(part_time="", remarks=""),
    )
    made = render_pack(big, MOMENT, BUILDER, HASH)
    text = squeezed(body_of(made.pdf, tmp_path, "-raw"))
    assert text.count(squeezed(story)) == 2
    assert squeezed(lines) in text
    assert text.count(long_word) >= 3
    assert run(["qpdf", "--check"], made.pdf, tmp_path).returncode == 0


def test_letters_without_a_glyph_are_seen_and_warned_of(tmp_path: Path) -> None:
    words = "Score ≥ 85 → yes ✓, Привет 🙂"
    made = build(aspirations=words)
    text = text_of(made.pdf, tmp_path)
    assert "Score >= 85 -> yes [yes], [?] [?]" in text
    assert any("U+041F" in warning for warning in made.warnings)
    assert any("U+1F642" in warning for warning in made.warnings)
    assert not any("≥" in warning.split(" in “")[0] for warning in made.warnings)


def test_an_index_line_that_points_nowhere_is_a_warning() -> None:
    line = GapLine(limb="Views", line="Parents", state=GapState.PARTIAL, anchors=("cycle-99",))
    assert any("cycle-99" in warning for warning in build(gaps=(line,)).warnings)


def test_nine_cycles_are_built_in_a_few_seconds_and_little_memory() -> None:
    cycles = tuple(replace(content().cycles[i % 5], number=i + 1) for i in range(9))
    start = time.process_time()
    made = build(cycles=cycles)
    assert time.process_time() - start < 8, "about 1.3 s on an ordinary machine"
    assert made.pages > 40


def test_headings_never_stand_alone_at_the_foot_of_a_page(pack: Rendered, tmp_path: Path) -> None:
    headings = {
        "Strengths",
        "Difficulties",
        "Assess",
        "Plan: strategies",
        "Plan: who does what",
        "Do: provision",
        "Next step",
        "Actions",
        "What was judged",
        "Views at the review",
        "Advice",
        "Costs",
        "Health",
    }
    for page in body_of(pack.pdf, tmp_path).split("\f"):
        last = page.strip().splitlines()[-1:] or [""]
        assert last[0].partition(",")[0] not in headings
