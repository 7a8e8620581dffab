"""Any file that a school exports is read, or refused with a sentence."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from graduated.imports.headings import Kind
from graduated.imports.reader import MAX_BYTES, MAX_ROWS, Table, Unreadable, check_size, read_table

from .files import ARBOR, BROMCOM, FOLDER, NEXT_TERM, SIMS

ROLL = (
    "UPN,Surname,Forename,DOB,SEN Status\r\n"
    "B838340129001,Szymański,Siân,03/10/2021,K\r\n"
    "E838340129003,O'Brien,Zoë,20/05/2021,\r\n"
)
LATIN = ROLL.replace("ń", "n")


def refusal(data: bytes, name: str = "roll.csv", kind: Kind = Kind.PUPILS) -> str:
    with pytest.raises(Unreadable) as refused:
        read_table(data, name, kind)
    return refused.value.sentence


@pytest.mark.parametrize(
    ("name", "rows", "heading_line", "encoding", "titles", "left_out"),
    [
        (ARBOR, 210, 1, "utf-8", 0, []),
        (NEXT_TERM, 209, 1, "utf-8", 0, []),
        (SIMS, 229, 4, "utf-8-sig", 2, [235]),
        (BROMCOM, 1330, 1, "utf-8-sig", 0, []),
    ],
)
def test_each_school_export_is_read_whole(
    name: str, rows: int, heading_line: int, encoding: str, titles: int, left_out: list[int]
) -> None:
    table = read_table((FOLDER / name).read_bytes(), name)
    assert (len(table.rows), table.heading_line, table.encoding) == (rows, heading_line, encoding)
    assert len(table.title_lines) == titles
    assert [row.line_number for row in table.left_out] == left_out


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "mark", "named"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("utf-32-le", b"\xff\xfe\x00\x00", "utf-32"),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_every_encoding_and_delimiter_gives_the_same_cells(
    encoding: str, mark: bytes, named: str, delimiter: str
) -> None:
    text = LATIN if encoding == "cp1252" else ROLL
    table = read_table(mark + text.replace(",", delimiter).encode(encoding), "roll.csv")
    assert table.delimiter == delimiter
    assert table.encoding == named
    assert table.headings == ("UPN", "Surname", "Forename", "DOB", "SEN Status")
    assert [row.cells for row in table.rows] == [tuple(line.split(",")) for line in text.splitlines()[1:]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(end: str) -> None:
    table = read_table(ROLL.replace("\r\n", end).encode(), "roll.csv")
    assert [row.line_number for row in table.rows] == [2, 3]


def test_title_lines_blank_rows_repeated_headings_and_totals_are_set_aside() -> None:
    text = (
        "SEN register;;\n\nPrinted 20/11/2026;;\nUPN;Surname;Forename\nB838340129001;Legg;Maryam\n;;\n"
        "UPN;Surname;Forename\nE838340129003;Total;Zoë\n\nTotal;2;\nEnd of report;;\n"
    )
    table = read_table(text.encode(), "roll.csv")
    assert table.title_lines == ("SEN register", "Printed 20/11/2026")
    assert [(row.line_number, row.cells[1]) for row in table.rows] == [(5, "Legg"), (8, "Total")]
    assert [row.line_number for row in table.left_out] == [7, 10, 11]


def test_a_row_is_numbered_by_the_line_where_it_starts() -> None:
    text = 'UPN,Surname,Address\nB838340129001,Legg,"1 High Street\nPoole"\nE838340129003,Foot,\n'
    rows = read_table(text.encode(), "roll.csv").rows
    assert [row.line_number for row in rows] == [2, 4]
    assert rows[0].cells[2] == "1 High Street\nPoole"


def test_a_stray_quotation_mark_within_a_line_harms_no_other_row() -> None:
    text = 'UPN,Surname,Forename\nB838340129001,Legg,"Rob" Robert\nE838340129003,Foot,Zoë\n'
    rows = read_table(text.encode(), "roll.csv").rows
    assert [row.cells for row in rows] == [
        ("B838340129001", "Legg", "Rob Robert"),
        ("E838340129003", "Foot", "Zoë"),
    ]


def test_a_quotation_mark_that_swallows_pupils_is_refused_by_its_line() -> None:
    text = 'UPN,Surname,Forename\nB838340129001,"Legg,Ann\nE838340129003,Foot,Zoë\nH838340129005,"Hardy, Cox",Kit\n'
    assert "line 2" in refusal(text.encode())
    assert "line 3" in refusal(b'UPN,Surname\nB838340129001,Legg\nE838340129003,"Foot\nA,B\n')


@pytest.mark.parametrize("data", [b"", b"\n\r\n \t", b"\xef\xbb\xbf", b"\xff\xfe", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert "is empty" in refusal(data)


def test_a_file_over_ten_megabytes_is_refused_by_size_alone() -> None:
    check_size(MAX_BYTES)
    with pytest.raises(Unreadable, match="60 MB; the most that can be imported is 10 MB"):
        check_size(60 * 1024 * 1024)
    assert "the most" in refusal(b"UPN,Surname\n" + b"x" * MAX_BYTES)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "is a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"<!DOCTYPE html><p>Sign in", "web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><CTfile/>", "XML file"),
        (b"PK\x03\x04 not really", "cannot be opened"),
        (bytes(range(256)) * 8, "not a text file"),
        (b"UPN,Surname\x00\n", "not a text file"),
    ],
)
def test_a_file_of_another_kind_is_named_and_refused(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_a_zip_file_that_is_no_workbook_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("roll.csv", ROLL)
    assert "is a zip file" in refusal(packed.getvalue())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind.PUPILS, "UPN, Surname, Forename"),
        (Kind.TEACHING_GROUPS, "Teaching group"),
        (Kind.CONTACTS, "Parental responsibility"),
    ],
)
def test_without_headings_the_sentence_says_what_was_looked_for(kind: Kind, words: str) -> None:
    assert words in refusal(b"Shopping list\nmilk,eggs\n", kind=kind)


def test_more_rows_than_the_limit_are_refused() -> None:
    line = b"B838340129001,A\n"
    assert len(read_table(b"UPN,Surname\n" + line * 1_000, "roll.csv").rows) == 1_000
    for rows in (MAX_ROWS + 1, MAX_ROWS + 100):
        assert f"more than {MAX_ROWS:,} rows" in refusal(b"UPN,Surname\n" + line * rows)


def test_a_line_that_is_no_row_of_a_table_is_refused() -> None:
    assert "Line 2 is too long" in refusal(b"UPN,Surname\n" + b"x" * 200_000 + b"\nB838340129001,Legg\n")


def workbook() -> bytes:
    book = Workbook()
    notes = book.active
    assert notes is not None
    notes.append(["About this report"])
    sheet = book.create_sheet("SEN")
    sheet.append(["SEN register"])
    sheet.append([])
    sheet.append(["UPN", "Surname", "DOB", "Admitted on", "Year", "Attendance", "EAL", "Pupil premium"])
    sheet.append(
        ["B838340129001", "Szymański", date(2021, 10, 3), datetime.fromisoformat("2025-09-01T08:00"), 3, 0.949, True]
    )
    sheet["F4"].number_format = "0.0%"
    sheet.append(["E838340129003", "O'Brien", "20/05/2021", None, 4.0, 93.25])
    sheet.append(["Total", 2])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_from_the_sheet_that_has_the_headings() -> None:
    table = read_table(workbook(), "roll.xlsx")
    assert (table.encoding, table.delimiter, table.heading_line) == ("xlsx", "", 3)
    assert [(row.line_number, row.cells) for row in table.rows] == [
        (4, ("B838340129001", "Szymański", "2021-10-03", "2025-09-01", "3", "94.9%", "Yes", "")),
        (5, ("E838340129003", "O'Brien", "20/05/2021", "", "4", "93.25", "", "")),
    ]
    assert [row.cells[0] for row in table.left_out] == ["Total"]


def saved(rows: list[list[str]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_without_headings_or_far_too_wide_is_refused() -> None:
    assert "No row of headings" in refusal(saved([["Shopping list"], ["milk", "eggs"]]))
    assert "No row of headings" in refusal(saved([]))
    assert "1,000 columns" in refusal(saved([["UPN", "Surname"], ["x"] * 1_001]))


def test_a_damaged_workbook_is_refused() -> None:
    whole = workbook()
    assert "cannot be opened" in refusal(whole[: len(whole) // 2])
    damaged = io.BytesIO()
    with zipfile.ZipFile(damaged, "w") as archive:
        archive.writestr("[Content_Types].xml", "<broken")
        archive.writestr("xl/workbook.xml", "<broken")
    assert "cannot be opened" in refusal(damaged.getvalue())


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_before_it_is_opened() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for part in range(5):
            archive.writestr(f"xl/worksheets/sheet{part}.xml", bytes(45 * 1024 * 1024))
    assert "more than 200 MB" in refusal(packed.getvalue())


def read_or_refuse(data: bytes) -> Table | Unreadable:
    try:
        return read_table(data, "roll.csv")
    except Unreadable as refused:
        return refused


def is_sound(answer: Table | Unreadable) -> bool:
    if isinstance(answer, Unreadable):
        return len(answer.sentence) > 20 and answer.sentence.rstrip().endswith(".")
    return all(row.line_number > answer.heading_line for row in answer.rows)


@settings(deadline=None)
@given(st.binary(max_size=400))
@example(b'UPN,Surname\n"')
@example(b"UPN,Surname\n\x1a")
@example(b"\xff\xfeU")
def test_no_bytes_whatever_raise_anything_but_a_sentence(data: bytes) -> None:
    assert is_sound(read_or_refuse(data))


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(ROLL)))
def test_damage_inside_a_good_file_raises_nothing_but_a_sentence(damage: bytes, at: int) -> None:
    whole = ROLL.encode()
    assert is_sound(read_or_refuse(whole[:at] + damage + whole[at:]))


@settings(deadline=None)
@given(st.binary(max_size=60), st.integers(0, 6_000))
def test_damage_inside_a_workbook_raises_nothing_but_a_sentence(damage: bytes, at: int) -> None:
    assert is_sound(read_or_refuse(BOOK[:at] + damage + BOOK[at + len(damage) :]))


BOOK = workbook()
