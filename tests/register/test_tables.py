"""Files for spreadsheets: nothing typed into a record may act when the file is opened."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from graduated.exports.tables import csv_file, safe, xlsx_file


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1+2", "@SUM(A1)", "\tx", "\rx", "＝1", "  =1", "-", "-abc", "\n=1", "－1", "＋1", "＠x"],
)
def test_what_a_spreadsheet_might_run_begins_with_an_apostrophe(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-5", "-0.25", "Zoë", "a=b", "O'Brien", "1:1", "5B", "3-4"])
def test_plain_words_and_plain_negative_numbers_stay(text: str) -> None:
    assert safe(text) == text


def test_a_csv_file_is_known_by_excel_as_utf8_and_quotes_what_must_be() -> None:
    content = csv_file(["Name", "=Note"], [["Szymański", 'a "b", c\nd']])
    assert content == '\ufeffName,\'=Note\r\nSzymański,"a ""b"", c\nd"\r\n'.encode()


def test_a_workbook_keeps_every_cell_as_text() -> None:
    content = xlsx_file("SEN register: 5/6", ["Pupil", "UPN"], [["=2+3", "0123"], ["Siân\x07", "-5"]])
    sheet = load_workbook(BytesIO(content)).active
    assert [[cell.value for cell in line] for line in sheet.iter_rows()] == [
        ["Pupil", "UPN"], ["=2+3", "0123"], ["Siân", "-5"],
    ]  # fmt: skip
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} == {"s"}
    assert sheet.title == "SEN register  5 6"


def test_only_figures_of_the_named_columns_become_numbers() -> None:
    rows = [["0123", "1,234.5"], ["7", "£1,310.00"], ["5", "=2+3"], ["5", "12,34"], ["5", ""]]
    sheet = load_workbook(BytesIO(xlsx_file("Map", ["UPN", "Cost"], rows, {"Cost"}))).active
    assert sheet is not None
    assert [cell.value for cell in sheet["A"]] == ["UPN", "0123", "7", "5", "5", "5"]
    values = [(cell.value, cell.data_type, cell.number_format) for cell in sheet["B"]][1:]
    assert values[:2] == [(1234.5, "n", "#,##0.0"), (1310, "n", "£#,##0.00")]
    assert [(value, kind) for value, kind, _ in values[2:4]] == [("=2+3", "s"), ("12,34", "s")]
