"""The pack's copy for one adult of the family: made by leaving out, never by covering.

Left out are all addresses and contacts, what another adult said and did not share, what was agreed in confidence, and
papers that are for staff. The evidence index stays as it is in the authority's copy: it says that something is on
record, never what.
"""

from __future__ import annotations

from dataclasses import replace

from graduated.assess.queries import ViewRow
from graduated.ehcna.content import content_of
from graduated.ehcna.records import Records
from graduated.pack.content import PackContent
from graduated.rules.vocabulary import Visibility


def content_for(records: Records, adult_id: int) -> PackContent:
    """Everything in the copy for this adult."""
    left = replace(
        records,
        views_ever=tuple(one for one in records.views_ever if _may_read(one, adult_id)),
        papers=tuple(one for one in records.papers if one.visibility is Visibility.FAMILY),
    )
    return replace(content_of(left), for_family=True, contacts=(), gaps=content_of(records).gaps)


def _may_read(view: ViewRow, adult_id: int) -> bool:
    """The pupil's views, their own, and what others shared."""
    return view.adult_id is None or view.adult_id == adult_id or view.shared_with_family
