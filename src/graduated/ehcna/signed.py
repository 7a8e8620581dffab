"""The declarations of a request: who signed, what exactly they declared, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from graduated.access.identity import current_actor
from graduated.db.clock import local
from graduated.ehcna.page_parts import section_titles
from graduated.ehcna.records import Records
from graduated.ehcna.references import Look, looks_of
from graduated.ehcna.since_signed import entered_since
from graduated.request.queries_signing import declarations_of, digest_of
from graduated.rules.declarations import Saved, changed_since, printed, records_remark, records_words, remark
from graduated.rules.vocabulary import BuildKind, Role
from graduated.web.filters import long_date

_PLAIN: dict[Role, tuple[str, date | None]] = {Role.HEAD: ("", None), Role.SENCO: ("", None)}


@dataclass(frozen=True, slots=True)
class Signed:
    """One declaration: as what, by whom and when ("" and None while unsigned), its words, and a remark or "".

    `printed` is what stands behind the signature on paper.
    """

    label: str
    who: str
    on: date | None
    statement: str
    remark: str
    printed: str = ""


def signed_of(records: Records, looks: Iterable[Look] | None = None) -> tuple[Signed, ...]:
    """Both declarations of the document that is read, the head's first; of who signed twice the later signature.

    `looks` are the references that need a look, where the caller has them: a record that is corrected changes what was
    signed, though nobody saved the words anew.
    """
    row = records.request
    if row is None:
        return ()
    titles = section_titles(records)
    saved = [Saved(titles.get(one.section, one.section), one.recorded_at) for one in records.narratives]
    looked = {titles.get(one.section, one.section) for one in (looks_of(records) if looks is None else looks)}
    latest = {one.role: one for one in declarations_of(row.request_id, records.kind)}
    own, plain = digest_of(row), _PLAIN
    if records.kind is BuildKind.REQUEST:
        plain = {
            Role.HEAD: (row.head_signed_by, row.head_signed_on),
            Role.SENCO: (row.senco_signed_by, row.senco_signed_on),
        }
    actor = current_actor()
    reader, told = (actor.user_id if actor else None), []
    first = min((one.signed_at for one in latest.values()), default=None)
    entered = entered_since(row.pupil_id, first) if first else ()
    for role, (who, on) in plain.items():
        one = latest.get(role)
        if one is None:
            told.append(Signed(role.label, who, on, "", ""))
            continue
        # Of advice every word stands in a section, and each section tells itself when it was saved.
        own_then = one.words_digest if records.kind is BuildKind.REQUEST else own
        changed = changed_since(one.signed_at, own_then, own, saved)
        quoting = tuple(f"“{each.title}”" for each in saved if each.title in looked and each.saved_at <= one.signed_at)
        is_reader = bool(reader) and one.signer_id == reader
        said, on = remark(one.signer_name, changed, quoting, is_reader=is_reader), local(one.signed_at).date()
        since = [each for each in entered if each.at > one.signed_at]
        corrected = sum(each.corrects for each in since)
        records_said = records_words(len(since) - corrected, corrected)
        of_records = records_remark(one.signer_name, long_date(on), records_said, is_reader=is_reader)
        both = " ".join(part for part in (of_records, said) if part)
        behind = printed(bool(said), records_said)
        told.append(Signed(role.label, one.signer_name, on, one.statement, both, behind))
    return tuple(told)
