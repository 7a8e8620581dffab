"""A picture of ratios: a bar for each, with its gate and its ambition as marks. SVG, readable without its colours."""

from __future__ import annotations

from xml.sax.saxutils import escape

ROW, LEFT, WIDE = 26, 330, 560


def bars(title: str, drawn: list[tuple[str, float, float, float]]) -> str:
    """The picture of (words, found, gate, ambition)."""
    most = max(max(found, gate) for _words, found, gate, _ambition in drawn) * 1.08
    high = ROW * len(drawn) + 70

    def x(value: float) -> float:
        return round(LEFT + WIDE * value / most, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDE + 60} {high}" font-family="sans-serif" '
        f'font-size="13" role="img" aria-label="{escape(title)}">',
        f'<title>{escape(title)}</title><rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="10" y="22" font-weight="bold">{escape(title)}</text>',
    ]
    for at, (words, found, gate, ambition) in enumerate(drawn):
        y = 40 + at * ROW
        fill = "#1d70b8" if found <= gate else "#942514"
        parts += [
            f'<text x="{LEFT - 8}" y="{y + 14}" text-anchor="end">{escape(words)}</text>',
            f'<rect x="{LEFT}" y="{y + 2}" width="{x(found) - LEFT:.1f}" height="16" fill="{fill}"/>',
            f'<text x="{x(max(found, gate)) + 6}" y="{y + 14}">{found:.1f}</text>',
            f'<path d="M{x(gate)} {y - 1}v22" stroke="#0b0c0c" stroke-width="2"/>',
            f'<path d="M{x(ambition)} {y - 1}v22" stroke="#0b0c0c" stroke-dasharray="3 3"/>',
        ]
    foot = 40 + ROW * len(drawn) + 16
    parts.append(f'<text x="{LEFT}" y="{foot}">whole line: gate; dashed: ambition; dark red: gate missed</text></svg>')
    return "\n".join(parts) + "\n"
