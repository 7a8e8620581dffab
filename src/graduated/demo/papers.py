"""Papers of the demo school: small real PDFs, made in memory, the same bytes each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from io import BytesIO

from flask import current_app
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate

from graduated.pack import fonts
from graduated.pupils.services import NewPaper, PaperWords
from graduated.rules.calendar import plain_date
from graduated.rules.vocabulary import DocumentKind, Visibility


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper says: a heading, who wrote it and when, and its paragraphs."""

    kind: DocumentKind
    title: str
    author: str
    dated: date
    paragraphs: tuple[str, ...]
    visibility: Visibility = Visibility.STAFF


def store(paper: Paper) -> NewPaper:
    """Draw the paper and keep it in the file store. To be done before a transaction opens."""
    content, pages = _draw(paper)
    stored = current_app.extensions["files"].put([content])
    words = PaperWords(paper.kind, paper.title, paper.dated, paper.author, paper.visibility)
    return NewPaper(words, stored.sha256, stored.size, "application/pdf", pages)


def _draw(paper: Paper) -> tuple[bytes, int]:
    fonts.register()
    heading = ParagraphStyle("heading", fontName=fonts.BOLD, fontSize=17, leading=22, spaceAfter=8)
    small = ParagraphStyle("small", fontName=fonts.REGULAR, fontSize=10, leading=14, spaceAfter=14)
    body = ParagraphStyle("body", fontName=fonts.REGULAR, fontSize=11.5, leading=17, spaceAfter=9)
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, invariant=1, title=paper.title, author=paper.author, lang="en-GB",
        leftMargin=25 * mm, rightMargin=25 * mm, topMargin=25 * mm, bottomMargin=25 * mm,
    )  # fmt: skip
    document.build(
        [
            Paragraph(escape(paper.title), heading),
            Paragraph(
                escape(f"{paper.author} · {plain_date(paper.dated)} · Fictional, made for the demo school"), small
            ),
            *(Paragraph(escape(text), body) for text in paper.paragraphs),
        ]
    )
    return out.getvalue(), document.page
