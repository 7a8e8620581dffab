"""Any file a school exports, read into headings and rows.

Reads text with comma, semicolon, tab or bar between the cells, in UTF-8, UTF-16, UTF-32 or Windows-1252, and Excel
workbooks (.xlsx). Title lines above the headings and totals below the rows are set aside and reported. Whatever cannot
be read is refused with one sentence (`Unreadable`) that says what is wrong and how to mend it. What the cells mean is
not decided here.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from openpyxl import load_workbook

from graduated.imports import headings as names
from graduated.imports.headings import Kind

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 100_000
_MAX_UNPACKED = 200 * 1024 * 1024  # a workbook is a zip file: a small one may unpack to gigabytes
_MAX_COLUMNS = 1_000
_TITLE_ROWS = 50  # the headings are looked for in the first so many rows
_HEAD = 65_536  # characters looked at to find the delimiter; fewer than a cell may have, so that none is too long
_DELIMITERS = (",", ";", "\t", "|")
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_OTHER_FILES = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file (.xls or .doc)"),
    (b"{\\rtf", "a Word document"),
    (b"SQLite format 3", "a database"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_TOTAL = re.compile(
    r"(grand\s+)?totals?\b|(sub\s?-?total)|(number|count|no\.?)\s+of\b|(row\s+)?count\b|end\s+of\b|page\s+\d|printed\b"
    r"|report\s|\d+\s+(rows|records|pupils|students)\b",
    re.IGNORECASE,
)
_MOST_CELLS_OF_A_TOTAL = 3


class Unreadable(Exception):
    """The whole file cannot be read; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line of the file where it starts, counted from 1 as an editor shows it, and its cells."""

    line_number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file as read. `left_out` holds totals and repeated headings; Excel has encoding "xlsx", delimiter ""."""

    headings: tuple[str, ...]
    heading_line: int
    rows: tuple[Row, ...]
    title_lines: tuple[str, ...]
    left_out: tuple[Row, ...]
    encoding: str
    delimiter: str
    kind: Kind


def check_size(size: int) -> None:
    """Refuse a file by its size in bytes before any of it is read."""
    if size > MAX_BYTES:
        raise Unreadable(
            f"The file is {size / 1024 / 1024:.0f} MB; the most that can be imported is "
            f"{MAX_BYTES // 1024 // 1024} MB. Export only the pupils and columns that are needed."
        )


def read_table(data: bytes, filename: str, kind: Kind = Kind.PUPILS) -> Table:
    """Read an export from its bytes; the name is only for sentences. Raises `Unreadable` and nothing else."""
    check_size(len(data))
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise Unreadable(f"“{filename}” is empty. Export it again and check that the report has pupils in it.")
    if data.startswith(b"PK"):
        return _table(_workbook_records(data, filename, kind), kind, filename, "xlsx", "")
    _refuse_other_files(data, filename)
    text, encoding = _decode(data, filename)
    delimiter = _delimiter(text, kind, filename)
    return _table(_text_records(text, delimiter), kind, filename, encoding, delimiter)


def _refuse_other_files(data: bytes, filename: str) -> None:
    for start, what in _OTHER_FILES:
        if data.startswith(start):
            raise Unreadable(
                f"“{filename}” is {what}, not a CSV file. Save or export it as CSV or .xlsx and try again."
            )
    start_of_text = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start_of_text.startswith((b"<?xml", b"<!doctype", b"<html", b"<ctfile", b"<table")):
        raise Unreadable(
            f"“{filename}” is a web page or an XML file, not a CSV file. "
            "Export the report as CSV or .xlsx and try again."
        )


def _decode(data: bytes, filename: str) -> tuple[str, str]:
    """Text and the name of its encoding; Windows-1252 is tried last, since nearly any bytes pass for it."""
    tried = [encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)][:1] or _guesses(data)
    for encoding in tried:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if not _CONTROL.search(text):
            return text, encoding
    raise Unreadable(
        f"“{filename}” is not a text file, so not a CSV file. Export the report as CSV or .xlsx and try again."
    )


def _guesses(data: bytes) -> list[str]:
    """UTF-16 without a mark shows as a zero in every other byte of Latin letters."""
    head = data[:2_000]
    if head[1::2].count(0) > len(head) // 4:
        return ["utf-16-le"]
    if head[0::2].count(0) > len(head) // 4:
        return ["utf-16-be"]
    return ["utf-8", "cp1252"]


def _delimiter(text: str, kind: Kind, filename: str) -> str:
    """The delimiter that makes the most headings known in the first rows."""
    best, most = "", 0
    for delimiter in _DELIMITERS:
        lines = csv.reader(io.StringIO(text[:_HEAD], newline=""), delimiter=delimiter)
        score = max((names.recognised(cells, kind) for cells in islice(lines, _TITLE_ROWS)), default=0)
        if score > most:
            best, most = delimiter, score
    if most < 2:
        raise _no_headings(kind, filename)
    return best


def _no_headings(kind: Kind, filename: str) -> Unreadable:
    return Unreadable(
        f"No row of headings was found in “{filename}”. One of its first {_TITLE_ROWS} rows must name the columns, "
        f"for example {names.looked_for(kind)}."
    )


def _text_records(text: str, delimiter: str) -> Iterator[Row]:
    """Records of delimited text. Strict, since an unclosed quotation mark would swallow the pupils after it."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        start = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            if reader.line_num - start != 1:
                raise Unreadable(
                    f"A quotation mark that opens on line {start + 1} is never closed rightly, so the rows after it "
                    "cannot be told apart. Correct that line and try again."
                ) from None
            cells = _one_loose_line(lines[start], delimiter, start + 1)
        yield Row(start + 1, tuple(cells))


def _one_loose_line(line: str, delimiter: str, number: int) -> list[str]:
    """A line with a stray quotation mark that ends where the line ends: it harms no other row."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        raise Unreadable(f"Line {number} is too long to be a row of a table. Export the file again as CSV.") from None


def _table(records: Iterable[Row], kind: Kind, filename: str, encoding: str, delimiter: str) -> Table:
    """Split records into title lines, headings, rows and what is left out."""
    kept: list[Row] = []
    for record in records:
        if any(map(str.strip, record.cells)):
            kept.append(record)
        if len(kept) > MAX_ROWS + _TITLE_ROWS:
            raise Unreadable(f"“{filename}” has more than {MAX_ROWS:,} rows. Export only this school's pupils.")
    at = _heading_index(kept, kind, filename)
    heading = _without_blank_end(kept[at].cells)
    rows: list[Row] = []
    left_out: list[Row] = []
    for row in kept[at + 1 :]:
        if encoding == "xlsx":  # a workbook does not store the blank cells at the end of a row
            row = Row(row.line_number, row.cells + ("",) * (len(heading) - len(row.cells)))
        again = tuple(map(str.strip, _without_blank_end(row.cells))) == tuple(map(str.strip, heading))
        (left_out if again else rows).append(row)
    while rows and _is_total(rows[-1], len(heading)):
        left_out.append(rows.pop())
    if len(rows) > MAX_ROWS:
        raise Unreadable(f"“{filename}” has more than {MAX_ROWS:,} rows. Export only this school's pupils.")
    return Table(
        headings=tuple(map(str.strip, heading)),
        heading_line=kept[at].line_number,
        rows=tuple(rows),
        title_lines=tuple(" ".join(" ".join(row.cells).split()) for row in kept[:at]),
        left_out=tuple(sorted(left_out, key=lambda row: row.line_number)),
        encoding=encoding,
        delimiter=delimiter,
        kind=kind,
    )


def _heading_index(records: Sequence[Row], kind: Kind, filename: str) -> int:
    scores = [names.recognised(row.cells, kind) for row in records[:_TITLE_ROWS]]
    if max(scores, default=0) < 2:
        raise _no_headings(kind, filename)
    return scores.index(max(scores))


def _without_blank_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _is_total(row: Row, width: int) -> bool:
    """Whether a last row is a total and no pupil: few cells, and the first says so."""
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    return len(filled) <= min(_MOST_CELLS_OF_A_TOTAL, max(1, width - 1)) and bool(_TOTAL.match(filled[0]))


def _workbook_records(data: bytes, filename: str, kind: Kind) -> list[Row]:
    """The rows of the first sheet of an Excel workbook that has known headings, else of its first sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if "[Content_Types].xml" not in packed.namelist() or not any(
                name.startswith("xl/") for name in packed.namelist()
            ):
                raise Unreadable(
                    f"“{filename}” is a zip file, not a CSV file. Unpack it and import the CSV file in it."
                )
            if sum(part.file_size for part in packed.infolist()) > _MAX_UNPACKED:
                raise Unreadable(f"“{filename}” unpacks to more than 200 MB. Export the report as CSV and try again.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl speaks of styles and charts, which don't matter here
            sheets = _sheets(data)
    except Unreadable:
        raise
    except Exception as error:  # openpyxl lets many kinds through from a damaged workbook
        raise Unreadable(
            f"“{filename}” looks like an Excel workbook but cannot be opened. Save it again as CSV and try again."
        ) from error
    found = [s for s in sheets if max((names.recognised(r.cells, kind) for r in s[:_TITLE_ROWS]), default=0) >= 2]
    return (found or sheets or [[]])[0]


def _sheets(data: bytes) -> list[list[Row]]:
    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        sheets = []
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # some programs write a wrong size
            sheets.append(list(_sheet_rows(sheet.iter_rows())))
        return sheets
    finally:
        workbook.close()


def _sheet_rows(rows: Iterable[Sequence[object]]) -> Iterator[Row]:
    for number, cells in enumerate(rows, start=1):
        if number > MAX_ROWS + _TITLE_ROWS or len(cells) > _MAX_COLUMNS:
            raise Unreadable(
                f"The workbook has more than {MAX_ROWS:,} rows or {_MAX_COLUMNS:,} columns. Export the report as CSV."
            )
        yield Row(number, tuple(_cell_text(c) for c in cells))


def _cell_text(cell: object) -> str:
    """A cell as its text would stand in a CSV file: dates as 2021-10-03, 0.949 shown as a percentage as 94.9%."""
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, int | float):
        if "%" in str(getattr(cell, "number_format", "")):
            return f"{value * 100:.10g}%"
        return f"{value:.15g}"
    return str(value)
