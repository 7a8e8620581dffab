"""The pack's copy for one adult of the family: made by leaving out, never by covering.

Left out are all addresses and contacts, what was agreed in confidence, and whatever the adult's own sign-in would not
show them (`family_reads`): views that another adult did not share, papers for staff, concerns, suspensions. The
evidence index stays as it is in the authority's copy: it says that something is on record, never what; only of
agreement it says how this adult's own answers stand, and counts nobody else's.
"""

from __future__ import annotations

from dataclasses import replace

from graduated.ehcna.content import content_of
from graduated.ehcna.family_reads import left_out_for
from graduated.ehcna.index import index_lines
from graduated.ehcna.records import Records
from graduated.pack.content import GapLine, PackContent
from graduated.rules.readiness import LINES

AGREEMENT = next(line.title for line in LINES if line.id == "consent")
"""What the line of the index on knowledge and agreement is called."""
_OWN = "Your own answers stand in this copy. What others were asked, and what they answered, is theirs."


def content_for(records: Records, adult_id: int) -> PackContent:
    """Everything in the copy for this adult."""
    theirs = left_out_for(records, adult_id)
    content = content_of(theirs)
    alone = replace(theirs, adults=tuple(one for one in theirs.adults if one.adult_id == adult_id))
    own = {line.line: line for line in index_lines(alone, content)}
    gaps = tuple(_of_their_own(line, own[line.line]) for line in index_lines(records, content))
    return replace(content, for_family=True, contacts=(), gaps=gaps)


def _of_their_own(line: GapLine, own: GapLine) -> GapLine:
    return replace(own, words=_OWN) if line.line == AGREEMENT else line
