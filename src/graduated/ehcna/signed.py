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
from graduated.request.queries_signing import declarations_of, digest_of
from graduated.rules.declarations import Saved, changed_since, remark
from graduated.rules.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Signed:
    """One declaration: as what, by whom and when ("" and None while unsigned), its words, and a remark or ""."""

    label: str
    who: str
    on: date | None
    statement: str
    remark: str


def signed_of(records: Records, looks: Iterable[Look] | None = None) -> tuple[Signed, ...]:
    """Both declarations, the head's first; of somebody who signed twice the later signature.

    `looks` are the references that need a look, where the caller has them: a record that is corrected changes what was
    signed, though nobody saved the words anew.
    """
    row = records.request
    if row is None:
        return ()
    titles = section_titles(records)
    saved = [Saved(titles.get(one.section, one.section), one.recorded_at) for one in records.narratives]
    looked = {titles.get(one.section, one.section) for one in (looks_of(records) if looks is None else looks)}
    latest = {one.role: one for one in declarations_of(row.request_id)}
    plain = {
        Role.HEAD: (row.head_signed_by, row.head_signed_on),
        Role.SENCO: (row.senco_signed_by, row.senco_signed_on),
    }
    actor = current_actor()
    reader, told = (actor.user_id if actor else None), []
    for role, (who, on) in plain.items():
        one = latest.get(role)
        if one is None:
            told.append(Signed(role.label, who, on, "", ""))
            continue
        changed = changed_since(one.signed_at, one.words_digest, digest_of(row), saved)
        quoting = tuple(f"“{each.title}”" for each in saved if each.title in looked and each.saved_at <= one.signed_at)
        said = remark(one.signer_name, changed, quoting, is_reader=bool(reader) and one.signer_id == reader)
        told.append(Signed(role.label, one.signer_name, local(one.signed_at).date(), one.statement, said))
    return tuple(told)
