"""Word documents that start programs, take in other documents or bring macros along: refused with the reason."""

from __future__ import annotations

import warnings
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from graduated.uploads.kinds import DOCX, WrongFile
from graduated.uploads.outside import look_at
from graduated.uploads.word import look as look_in_word
from tests.uploads import files

_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BEGIN = '<w:fldChar w:fldCharType="begin"/>'
_WITHIN = '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/>'  # fmt: skip # noqa: E501
_MACRO_TYPE = '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'  # fmt: skip # noqa: E501


def field(*pieces: str, part: str = "word/document.xml") -> bytes:
    """A document with one field, its words in so many pieces."""
    said = "".join(f"<w:instrText>{one}</w:instrText>" for one in pieces)
    return files.word({part: f"<x {_NS}>{_BEGIN}{said}</x>"})


def within(kind: str, target: str, **parts: str) -> bytes:
    """A document with a relation to one of its own parts."""
    relation = files.RELATIONS.format(_WITHIN.format(kind, target))
    return files.word({"word/_rels/document.xml.rels": relation, **{f"word/{n}": text for n, text in parts.items()}})


def sheet(parts: dict[str, str]) -> bytes:
    """The figures behind a chart, with more than figures."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return files.word({"word/embeddings/Sheet1.xlsx": out.getvalue()})


STARTS, ELSEWHERE, CARRIES, MACROS = "starts a program", "elsewhere", "carries another", "macros"
REFUSED = [
    ("DDEAUTO", field(r' DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc" '), STARTS),
    ("dde, small", field(' dde excel "x" '), STARTS),
    ("DDE in pieces", field("D", "DEA", "UTO c:\\x"), STARTS),
    ("DDE in a header", field("DDEAUTO x", part="word/header2.xml"), STARTS),
    ("DDE over two fields", files.word({"word/document.xml": f"<x {_NS}>{_BEGIN}<w:instrText>DD</w:instrText>{_BEGIN}"
     "<w:instrText>E excel</w:instrText></x>"}), STARTS),
    ("DDE as a simple field", files.word({"word/document.xml": f'<x {_NS}><w:fldSimple w:instr="DDE a b"/></x>'}),
     STARTS),
    ("a command by numbers", field("QUOTE 68 68 69 65 85 84 79"), STARTS),
    ("LINK", field(r' LINK Excel.Sheet.12 "\\\\10.0.0.1\\x.xlsx" '), ELSEWHERE),
    ("DATABASE", field(' DATABASE \\d "C:\\x.mdb" '), ELSEWHERE),
    ("RD", field(' RD "C:\\other.docx" '), ELSEWHERE),
    ("altChunk", within("aFChunk", "chunk.htm", **{"chunk.htm": "<html><img src='http://evil.example/'/></html>"}),
     CARRIES),
    ("a control", within("control", "activeX.xml"), CARRIES),
    ("macros under another name", within("vbaProject", "media/a.dat"), CARRIES),
    ("macros by type", files.word({"[Content_Types].xml": _MACRO_TYPE}), MACROS),
    ("figures that fetch", sheet({"xl/externalLinks/externalLink1.xml": "<x/>"}), ELSEWHERE),
    ("figures with a link out", sheet({"xl/_rels/workbook.xml.rels": files.RELATIONS.format(
        files.RELATION.format("externalLinkPath", "http://evil.example/x.xlsx"))}), ELSEWHERE),
    ("figures with macros", sheet({"xl/vbaProject.bin": "x"}), CARRIES),
    ("an object on a server", files.linked("oleObject", r"file:///\\10.0.0.1\x.doc"), ELSEWHERE),
]  # fmt: skip
TAKEN = [
    ("links to read", field(' HYPERLINK "https://www.gov.uk/link/dde" ')),
    ("words that begin alike", field(" MERGEFIELD Added_Links ")),
    ("a quotation", field(' QUOTE "68 words" ')),
    ("an ordinary part", within("image", "media/a.png")),
    ("figures of a chart", sheet({"xl/workbook.xml": "<x/>"})),
]


_SEPARATE = '<w:fldChar w:fldCharType="separate"/>'
_END = '<w:fldChar w:fldCharType="end"/>'
_DDE = r'DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc" '
_OLD_OBJECT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
_ELSE = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def text(*pieces: str) -> str:
    """The text of a document."""
    return f"<x {_NS}>{''.join(pieces)}</x>"


def code(words: str) -> str:
    """A piece of a field's words."""
    return f"<w:instrText>{words}</w:instrText>"


def document(*pieces: str, **parts: bytes) -> bytes:
    """A document with this text, and parts of any bytes among its pictures."""
    return files.word({"word/document.xml": text(*pieces), **{f"word/{n}": data for n, data in parts.items()}})


def twice(name: str) -> bytes:
    """A document of which two readers take two different texts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made.writestr("[Content_Types].xml", "<x/>")
        made.writestr("word/document.xml", text(_BEGIN, code(_DDE)))
        made.writestr(name, "<x/>")
    return out.getvalue()


def inside(content: bytes) -> bytes:
    """A document that lies inside another."""
    return files.word({"word/embeddings/a.docx": content})


MORE, NOT_TOLD, ONE_NAME = "may do more", "cannot be told", "two parts of one name"
_CHOICE = "<mc:AlternateContent {}><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>"
HIDDEN = [
    ("blanks before the text", files.word({"word/document.xml": " " * 70 + text(_BEGIN, code(_DDE))}), STARTS),
    ("many blanks before a part", files.word({"word/a.dat": "\n" * 600_000 + text(_BEGIN, code(_DDE))}), STARTS),
    ("words as text", document(_BEGIN, f"<w:t>{_DDE}</w:t>"), MORE),
    ("words as deleted text", document(_BEGIN, f"<w:delInstrText>{_DDE}</w:delInstrText>"), STARTS),
    ("deleted words before the rest",
     document(_BEGIN, "<w:delInstrText>PAGE </w:delInstrText>", code("LINK x"), _END), MORE),
    ("text before the words", document(_BEGIN, "<w:t>PAGE </w:t>", code("PRINT x"), _END), MORE),
    ("a name from another field's result", document(
        _BEGIN, _BEGIN, code("DOCPROPERTY a"), _SEPARATE, "<w:t>DDEAUTO</w:t>", _END, code(" c:\\x"), _END), NOT_TOLD),
    ("half a name from another field", document(_BEGIN, code("PA"), _BEGIN, code("REF a"), _END, code("GE"), _END),
     NOT_TOLD),
    ("a choice among a field's words", document(
        _BEGIN, _CHOICE.format(_ELSE, code("PAGE "), code("EMBED x")), _SEPARATE, _END), NOT_TOLD),
    ("words in an element of one's own", document(_BEGIN, '<instrText xmlns="urn:x">PAGE </instrText>', code("PRINT")),
     NOT_TOLD),
    ("an element within the words", document(_BEGIN, code("PA<w:y/>GE")), NOT_TOLD),
    ("words after the result began", document(_BEGIN, code("PAGE"), _SEPARATE, code("PRINT x"), _END), MORE),
    ("no blank before the quotation mark", field('DDEAUTO"c:\\x" "cmd"'), STARTS),
    ("numbers after an empty quotation", field('QUOTE "" 68 68 69'), STARTS),
    ("a name that is not known", field(' SET c "x" '), MORE),
    ("a choice by the reader's own values", field(' IF 1 = 1 "a" "b" '), MORE),
    ("a button for a macro", field(" MACROBUTTON FilePrint Click here "), MORE),
    ("an old object as a picture", document(**{"media/image1.wmf": _OLD_OBJECT}), "carries another file"),
    ("an old object of no kind", document(**{"embeddings/a.dat": _OLD_OBJECT}), "carries another file"),
    ("a program among pictures", document(**{"media/x.tmp": b"MZ" + bytes(200)}), "carries another file"),
    ("a ZIP with bytes before it", document(**{"media/a.dat": b"x" + files.word()}), "carries another file"),
    ("an object by its relation", within("oleObject", "media/a.png"), CARRIES),
    ("a part of a master document", within("subDocument", "sub.xml"), CARRIES),
    ("a template of its own", within("attachedTemplate", "t.dat"), CARRIES),
    ("two parts of one name", twice("word/document.xml"), ONE_NAME),
    ("two parts of one name, large and small", twice("Word\\Document.XML"), ONE_NAME),
    ("a field in a document inside", inside(document(_BEGIN, code(_DDE))), STARTS),
    ("a document in a document inside", inside(inside(files.word())), CARRIES),
    ("an old object in a document inside", inside(document(**{"media/a.png": _OLD_OBJECT})), CARRIES),
    ("a definition of its own kind", files.word({"word/header1.foo": "<!DOCTYPE x>" + text()}), "no Word document has"),
    ("a definition in a drawing", files.word({"word/a.svg": '<!DOCTYPE svg [<!ENTITY a "b">]><svg/>'}),
     "no Word document has"),
]  # fmt: skip
_TOC = (
    _BEGIN, code(' TOC \\o "1-3" \\h '), _SEPARATE, _BEGIN, code(" PAGEREF _Toc1 "), _SEPARATE, "<w:t>2</w:t>", _END,
    _END,
)  # fmt: skip
READ = [
    ("a list of contents", document(*_TOC)),
    ("a page number with its form", document(_BEGIN, code(r"PAGE\* MERGEFORMAT"), _SEPARATE, "<w:t>1</w:t>", _END)),
    ("a number of pages in pieces", field(" NUM", "PAGES ")),
    ("a name that was changed", document(_BEGIN, "<w:delInstrText> PAGE </w:delInstrText>", code(" NUMPAGES "), _END)),
    ("a box of text, for two readers", document(_CHOICE.format(
        _ELSE, _BEGIN + code("PAGE") + _SEPARATE + _END, _BEGIN + code("PAGE") + _SEPARATE + _END))),
    ("a field within a field's words", document(
        _BEGIN, code("= "), _BEGIN, code("NUMPAGES"), _END, code(" - 1"), _END)),
    ("a form", field(" FORMTEXT ")),
    ("a place to type", field(" MACROBUTTON NoMacro [Name of pupil] ")),
    ("a source by its program", field(' ADDIN ZOTERO_ITEM CSL_CITATION {"id": 1} ')),
    ("a field without words", document(_BEGIN, _SEPARATE, _END)),
    ("a simple date", files.word({"word/footer1.xml": text('<w:fldSimple w:instr=" DATE \\@ dd/MM/yy "/>')})),
    ("a letter inside a letter", inside(document(*_TOC))),
]  # fmt: skip


@pytest.mark.parametrize(("content", "said"), [row[1:] for row in HIDDEN], ids=[row[0] for row in HIDDEN])
def test_a_part_that_hides_what_it_does_from_one_reader_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(content)
    with pytest.raises(WrongFile, match=said) as refused:
        look_in_word(path)
    assert "Save it as a PDF" in str(refused.value)


def test_bytes_before_a_word_document_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(b"MZ" + files.word())
    with pytest.raises(WrongFile, match="before its beginning"):
        look_in_word(path)


@pytest.mark.parametrize("content", [row[1] for row in READ], ids=[row[0] for row in READ])
def test_a_field_that_shows_a_number_a_date_or_a_name_is_taken(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(content)
    assert look_in_word(path).media_type == DOCX


@pytest.mark.parametrize(("content", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_word_document_that_does_more_than_be_read_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(content)
    with pytest.raises(WrongFile, match=said) as refused:
        look_at(path)
    assert "Save it as a PDF" in str(refused.value)


@pytest.mark.parametrize("content", [row[1] for row in TAKEN], ids=[row[0] for row in TAKEN])
def test_a_word_document_that_is_only_read_is_taken(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(content)
    assert look_at(path).media_type == DOCX
