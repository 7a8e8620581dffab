"""Paragraph styles, sizes and colours of the documents: the tokens of the pages, on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

from graduated.pack import scene
from graduated.pack.fonts import BOLD, REGULAR
from graduated.pack.lines import Face

PAGE_WIDTH, PAGE_HEIGHT = A4
HEAD_LINE, FOOT_LINE = PAGE_HEIGHT - 15 * mm, 12 * mm
MARGIN = 21 * mm
TOP, BOTTOM = 25 * mm, 24 * mm
WIDTH = PAGE_WIDTH - 2 * MARGIN
FRAME_HEIGHT = PAGE_HEIGHT - TOP - BOTTOM

INK, SOFT, LINE = HexColor(scene.INK), HexColor(scene.SOFT), HexColor(scene.LINE)
LINE_SOFT, BRAND, GROUND = HexColor(scene.LINE_SOFT), HexColor(scene.BRAND), HexColor("#f6f5f1")
PLAN, REVIEW, ASSESS, DO = HexColor(scene.PLAN), HexColor(scene.REVIEW), HexColor("#4b449f"), HexColor(scene.DO)
PHASES: dict[str, Color] = {"assess": ASSESS, "plan": PLAN, "do": DO, "review": REVIEW}


@dataclass(frozen=True)
class Styles:
    """The styles of one document; `scale` makes all text larger, as for families."""

    body: ParagraphStyle
    strong: ParagraphStyle
    small: ParagraphStyle
    cell: ParagraphStyle
    cell_right: ParagraphStyle
    head: ParagraphStyle
    head_right: ParagraphStyle
    label: ParagraphStyle
    title: ParagraphStyle
    lead: ParagraphStyle
    headings: tuple[ParagraphStyle, ...]
    scale: float


def styles(scale: float = 1.0) -> Styles:
    """The styles at a size; 1.0 is body text of 10.5 points. Each has its `face`, which lives as long as they do."""
    faces: dict[tuple[str, float], Face] = {}

    def style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
        settings: dict[str, Any] = {
            "fontName": REGULAR,
            "bulletFontName": REGULAR,
            "textColor": INK,
            "allowWidows": 0,
            "allowOrphans": 0,
        }
        settings |= {"fontSize": size * scale, "leading": leading * scale, "splitLongWords": 1} | more
        font = settings["fontName"], settings["fontSize"]
        return ParagraphStyle(name, **settings, face=faces.setdefault(font, Face(*font)))

    cell = style("cell", 9, 12)
    return Styles(
        body=style("body", 10.5, 15, spaceAfter=6 * scale),
        strong=style("strong", 10.5, 15, fontName=BOLD, spaceAfter=3 * scale),
        small=style("small", 9, 12.5, textColor=SOFT, spaceAfter=4 * scale),
        cell=cell,
        cell_right=style("cell-right", 9, 12, alignment=2),
        head=style("head", 9, 12, fontName=BOLD),
        head_right=style("head-right", 9, 12, fontName=BOLD, alignment=2),
        label=style("label", 9, 12.5, fontName=BOLD, textColor=SOFT, spaceBefore=4 * scale, spaceAfter=1),
        title=style("title", 27, 33, fontName=BOLD, textColor=BRAND, spaceAfter=8),
        lead=style("lead", 14, 20, spaceAfter=8),
        headings=(
            style("h1", 19, 24, fontName=BOLD, textColor=BRAND, spaceAfter=9 * scale),
            style("h2", 14, 19, fontName=BOLD, textColor=BRAND, spaceBefore=13 * scale, spaceAfter=5 * scale),
            style("h3", 11.5, 16, fontName=BOLD, spaceBefore=10 * scale, spaceAfter=3 * scale),
        ),
        scale=scale,
    )


def indented(style: ParagraphStyle, points: float) -> ParagraphStyle:
    """The style moved to the right."""
    return ParagraphStyle(f"{style.name}-{points:g}", parent=style, leftIndent=points) if points else style
