"""The last step of a PDF: the structure tree, its language and claims, as PDF/UA-1 and PDF/A-2a ask for them."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import ImageCms

from graduated.pack.tagging import Clickable, Element, Piece

_EXTENSION = """<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA version</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""
_PAIR = re.compile(r"<..> <[0-9A-F]+>")  # ReportLab maps unused codes to U+0000, which no reader can say
_MOST = 100  # letters in one block
_RETURN = 0x0D  # before a line feed it reads as part of the end of the line, so that a stream seems one byte too short
_PIECE = Name.MCR
_PRINTED = 4  # annotation flag: shown on paper too


def finished(
    pdf: bytes,
    root: Element,
    title: str,
    language: str = "en-GB",
    places: Mapping[str, tuple[int, float]] = MappingProxyType({}),
) -> bytes:
    """The PDF with its structure and its named places. The same bytes and structure in give the same bytes."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.Root.MarkInfo = Dictionary(Marked=True)
        document.Root.Lang = String(language)
        document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        if places:
            document.Root.Dests = Dictionary(
                {
                    f"/{name}": Array([document.pages[page - 1].obj, Name.FitH, top])
                    for name, (page, top) in places.items()
                }
            )
        document.Root.OutputIntents = Array([_intent(document)])
        _claim(document, title, language)
        _mend_letters(document)
        _mend_ends(document)
        _Tree(document).write(root)  # last: it has thousands of objects, and what mends looks at each one
        return _saved(document)


class _Tree:
    def __init__(self, document: pikepdf.Pdf) -> None:
        self.document = document
        self.pages: list[Any] = [page.obj for page in document.pages]
        self.owners: list[dict[int, Any]] = [{} for _ in self.pages]
        self.links: list[tuple[Any, Any]] = []
        self.scopes: dict[str, Any] = {}

    def write(self, root: Element) -> None:
        tree = self.document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        tree.K = Array([self._node(root, tree)])
        numbers: list[Any] = []
        for i, (page, owners) in enumerate(zip(self.pages, self.owners, strict=True)):
            page.StructParents, page.Tabs = i, Name.S
            numbers += [i, self.document.make_indirect(Array([owners[j] for j in range(len(owners))]))]
        for i, (link, owner) in enumerate(self.links, start=len(self.pages)):
            link.StructParent, link.F = i, _PRINTED
            numbers += [i, owner]
        tree.ParentTree = self.document.make_indirect(Dictionary(Nums=Array(numbers)))
        tree.ParentTreeNextKey = len(self.pages) + len(self.links)
        self.document.Root.StructTreeRoot = tree

    def _node(self, element: Element, above: Any) -> Any:
        # A long pack has thirty thousand of these: their type may be left out, and one kid needs no list around it.
        settings = {"/S": Name(f"/{element.tag}"), "/P": above}
        home = next((kid.page for kid in element.kids if isinstance(kid, Piece)), 0)
        if home:
            settings["/Pg"] = self.pages[home - 1]
        if element.alternative:
            settings["/Alt"] = String(element.alternative)
        if element.scope:
            settings["/A"] = self._scope(element.scope)
        if element.box:
            settings["/A"] = Dictionary(O=Name.Layout, BBox=Array([round(edge, 2) for edge in element.box]))
        node = self.document.make_indirect(Dictionary(settings))
        kids = [self._kid(kid, node, home) for kid in element.kids]
        node.K = kids[0] if len(kids) == 1 else Array(kids)
        return node

    def _scope(self, scope: str) -> Any:
        if scope not in self.scopes:
            made = Dictionary(O=Name.Table, Scope=Name(f"/{scope}"))
            self.scopes[scope] = self.document.make_indirect(made)
        return self.scopes[scope]

    def _kid(self, kid: Element | Piece | Clickable, node: Any, home: int) -> Any:
        if isinstance(kid, Element):
            return self._node(kid, node)
        page = self.pages[kid.page - 1]
        if isinstance(kid, Piece):
            self.owners[kid.page - 1][kid.number] = node
            if kid.page == home:  # on the element's own page the number says it all
                return kid.number
            return Dictionary({"/Type": _PIECE, "/Pg": page, "/MCID": kid.number})
        link = page.Annots[kid.number]
        if not link.is_indirect:
            link = page.Annots[kid.number] = self.document.make_indirect(link)
        link.Contents = String(f"{'Write' if '/URI' in link.get('/A', {}) else 'Go'} to {kid.words}")
        self.links.append((link, node))
        return Dictionary(Type=Name.OBJR, Obj=link, Pg=page)


def _intent(document: pikepdf.Pdf) -> Any:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes((7, 230, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))  # else the moment at which it was made stands here
    colours = document.make_stream(bytes(profile), N=3)
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        DestOutputProfile=colours,
    )


def _claim(document: pikepdf.Pdf, title: str, language: str) -> None:
    if "/Trapped" in document.docinfo:
        del document.docinfo["/Trapped"]  # it has no place in the other list of properties
    dates = {name: String(str(document.docinfo[name])) for name in ("/CreationDate", "/ModDate")}
    with document.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta.load_from_docinfo(document.docinfo)
        meta["dc:title"], meta["dc:language"] = title, {language}
        meta["pdfuaid:part"], meta["pdfaid:part"], meta["pdfaid:conformance"] = "1", "2", "A"
    for name, moment in dates.items():  # the metadata writes them in a shorter form
        document.docinfo[name] = moment
    words = document.Root.Metadata.read_bytes().decode().replace("</rdf:RDF>", _EXTENSION)
    document.Root.Metadata = document.make_stream(words.encode(), Type=Name.Metadata, Subtype=Name.XML)


def _mend_letters(document: pikepdf.Pdf) -> None:
    for item in document.objects:
        if isinstance(item, Dictionary) and item.get("/Type") == Name.Font and "/ToUnicode" in item:
            item.ToUnicode.write(_letters(item.ToUnicode.read_bytes().decode()).encode())


def _letters(words: str) -> str:
    """A font's list of letters without the codes that mean none, in blocks of at most a hundred."""
    at = re.search(r"\d+ beginbfchar", words)
    if at is None:
        return words
    pairs = [pair for pair in _PAIR.findall(words, at.end()) if not pair.endswith("<0000>")]
    blocks = (pairs[i : i + _MOST] for i in range(0, len(pairs), _MOST))
    shown = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return words[: at.start()] + shown + words[words.index("endcmap") :]


def _mend_ends(document: pikepdf.Pdf) -> None:
    """A stream must not end in a carriage return: where the packed form of its bytes would, it gets a byte more."""
    for item in document.objects:
        if not isinstance(item, pikepdf.Stream):
            continue
        plain = item.read_bytes()
        if zlib.adler32(plain) & 0xFF != _RETURN:  # the last byte of what is packed
            continue
        if "/Length1" in item:  # a font; what stands after its tables is not read
            item.write(plain + b"\0")
            item.Length1 = len(plain) + 1
        else:
            item.write(plain + b"\n")


def _saved(document: pikepdf.Pdf) -> bytes:
    """The file. Its small objects are packed together in an order that is changed until no heap ends in a return."""
    pages = iter(document.pages)
    while True:
        out = io.BytesIO()
        modes = pikepdf.ObjectStreamMode
        document.save(out, object_stream_mode=modes.generate, min_version="1.7", deterministic_id=True)
        if b"\r\nendstream" not in out.getvalue():
            return out.getvalue()
        page = next(pages, None)
        if page is None:  # pragma: no cover - each page is a further chance
            return out.getvalue()
        page.obj.MediaBox = document.make_indirect(page.obj.MediaBox)
