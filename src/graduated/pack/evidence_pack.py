"""The evidence pack for an EHC needs assessment request (design §8)."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from graduated.pack.content import PackContent, Section
from graduated.pack.flow import Flow
from graduated.pack.press import Furniture, Rendered, press
from graduated.pack.sections import front, needs, summary
from graduated.pack.sections.writers import WRITERS
from graduated.pack.wording import LONDON
from graduated.pack.wording import moment as moment_words


def render_pack(content: PackContent, moment: datetime, builder: str, manifest_hash: str) -> Rendered:
    """The pack as a PDF. `moment` is when it was built (UTC when it has no zone), `manifest_hash` hexadecimal.

    The same content, moment, builder and hash give the same bytes. Warnings name characters that could not be printed
    and index lines that point nowhere; raises `FontsMissingError` when the font files are not there.
    """
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    name = content.pupil.legal_name
    furniture = Furniture(
        title=f"SEN evidence pack: {name}",
        author=content.school.name,
        subject="Evidence for an education, health and care needs assessment request",
        running=f"{name} · SEN evidence pack" + (" · copy for the family" if content.for_family else ""),
        mark="Confidential",
        foot=f"Built {moment_words(moment)} · manifest {manifest_hash[:12]}",
        moment=moment,
        fingerprint=manifest_hash,
    )
    return press(furniture, partial(_write, content, moment, builder, manifest_hash))


def _write(content: PackContent, moment: datetime, builder: str, manifest_hash: str, flow: Flow) -> None:
    front.cover(flow, content, moment, builder, manifest_hash)
    summary.summary(flow, content)
    front.contents(flow)
    today = moment.astimezone(LONDON).date()
    for entry in content.sections:
        if entry.section is Section.CHRONOLOGY:
            needs.chronology(flow, content, entry.title, today)
        elif entry.section in WRITERS:
            WRITERS[entry.section](flow, content, entry.title)
