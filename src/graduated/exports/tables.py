"""Tables as files for a spreadsheet: CSV and XLSX, in which nothing that was typed can act as a formula.

Pure: headings and rows of text in, bytes out. A cell that a spreadsheet might take for a formula begins with an
apostrophe in CSV; in XLSX every cell is typed as text, so it stands as it was typed, save in columns of figures.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_PLAIN_NEGATIVE = re.compile(r"-\d+(\.\d+)?")
_FIGURE = re.compile(r"(£?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?", re.ASCII)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WIDEST = 48


def safe(text: str) -> str:
    """A cell of a CSV file that no spreadsheet takes for a formula; plain negative numbers stay numbers."""
    if text.lstrip(" \u00a0").startswith(STARTS_A_FORMULA) or text.startswith(STARTS_A_FORMULA):
        return text if _PLAIN_NEGATIVE.fullmatch(text) else f"'{text}"
    return text


def csv_file(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file in UTF-8 with the mark by which Excel knows it, lines ending as RFC 4180 says."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(heading) for heading in headings])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_file(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], figures: Collection[str] = ()
) -> bytes:
    """A workbook of one sheet, the headings bold and kept in view. Every cell is text, save figures under `figures`
    ("12.5", "£1,310.00"), which can be added up."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:31] or "Table")
    lines = [[_NOT_IN_XML.sub("", cell) for cell in row] for row in rows]
    for place, heading in enumerate(headings, start=1):
        longest = max((len(row[place - 1]) for row in lines), default=0)
        sheet.column_dimensions[get_column_letter(place)].width = min(_WIDEST, max(longest, len(heading)) + 2)
    sheet.freeze_panes = "A2"
    counted = [heading in figures for heading in headings]
    sheet.append([_text(sheet, words, bold=True) for words in headings])
    for line in lines:
        sheet.append(
            [_figure(sheet, one) if plain else _text(sheet, one) for one, plain in zip(line, counted, strict=True)]
        )
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _figure(sheet: Any, words: str) -> Any:
    """A figure as a number, pounds as pounds; anything else stays text."""
    found = _FIGURE.fullmatch(words)
    if found is None:
        return _text(sheet, words)
    pounds, whole, rest = found.groups(default="")
    cell = WriteOnlyCell(sheet, value=float(whole.replace(",", "") + rest))
    cell.number_format = "£#,##0.00" if pounds else "#,##0.0" if rest else "#,##0"
    return cell


def _text(sheet: Any, words: str, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=words)
    cell.data_type = "s"
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell
