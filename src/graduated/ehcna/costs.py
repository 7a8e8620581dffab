"""What provision cost in the twelve months to a day, planned and delivered (design §5, Cost)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from graduated.ehcna.queries import RateRow
from graduated.ehcna.records import Records
from graduated.pack.content import CostLine, Costs
from graduated.plan.rows import ProvisionRow
from graduated.rules.calendar import plain_date
from graduated.rules.costing import CostLine as Sum
from graduated.rules.costing import cost
from graduated.rules.dosage import Dose


def rate_for(rates: tuple[RateRow, ...], provision: ProvisionRow) -> RateRow | None:
    """The rate of the role who gives it: of the card it was planned with, else of the card then in force."""
    mine = [one for one in rates if one.role is provision.staff_role]
    own = [one for one in mine if one.card_id == provision.rate_card_id]
    valid = [one for one in mine if one.valid_from <= provision.starts]
    return next(iter(own), None) or (valid[-1] if valid else None)


def is_costed(rates: tuple[RateRow, ...], provision: ProvisionRow) -> bool:
    """Whether a cost can be worked out: a rate is known, or it is bought and the price is on record."""
    return rate_for(rates, provision) is not None or bool(provision.one_off_pence or provision.agency_pence)


@dataclass(frozen=True, slots=True)
class _Costed:
    """One provision's cost in the period, in words and as exact sums to be rounded once together."""

    line: CostLine
    planned: Sum
    delivered: Sum | None


def yearly_costs(records: Records) -> Costs | None:
    """The cost of each provision in the last twelve months, and together; none when nothing can be costed."""
    costed: list[_Costed] = []
    without: list[str] = []
    for plan in records.evidence_plans:
        for provision in plan.provisions:
            minutes, bought = _in_the_year(records, provision)
            if minutes <= 0 and not bought:
                continue
            name = f"{provision.name}, {plan.cycle.name.lower()}"
            if is_costed(records.rates, provision):
                costed.append(_costed(records, provision, name, minutes, bought))
            else:
                without.append(name)
    if not costed:
        return None
    delivered = [one.delivered for one in costed if one.delivered]
    return Costs(
        period=f"Twelve months to {plain_date(records.on)}",
        lines=tuple(one.line for one in costed),
        planned=cost([one.planned for one in costed]).pence,
        delivered=cost(delivered).pence if delivered else None,
        rates=_sources(records),
        note=f"No rate is recorded for: {'; '.join(without)}." if without else "",
    )


def _doses(records: Records, provision: ProvisionRow) -> tuple[Dose, Dose]:
    key = provision.provision_id
    return records.doses.get(key, Dose()), records.doses_before.get(key, Dose())


def _in_the_year(records: Records, provision: ProvisionRow) -> tuple[int, bool]:
    """Minutes planned in the twelve months, and whether what was bought for it falls in them."""
    now, before = _doses(records, provision)
    since = records.on - timedelta(days=365)
    bought = since < provision.starts <= records.on and provision.one_off_pence + provision.agency_pence > 0
    return now.planned_to_date_minutes - before.planned_to_date_minutes, bought


def _costed(records: Records, provision: ProvisionRow, name: str, minutes: int, bought: bool) -> _Costed:
    now, before = _doses(records, provision)
    planned = _sum(records, provision, minutes, bought)
    worked = cost([planned])
    delivered = None
    if now.logged:
        delivered = _sum(records, provision, now.delivered_minutes - before.delivered_minutes, bought)
    line = CostLine(
        name=name,
        planned=worked.pence,
        delivered=cost([delivered]).pence if delivered else None,
        working=worked.arithmetic,
    )
    return _Costed(line, planned, delivered)


def _sum(records: Records, provision: ProvisionRow, minutes: int, bought: bool) -> Sum:
    rate = rate_for(records.rates, provision)
    return Sum(
        label="",
        minutes=max(0, minutes) if rate else 0,
        hourly_rate=rate.pounds_an_hour if rate else Decimal(0),
        group_size=max(1, provision.group_size),
        one_off_pence=provision.one_off_pence if bought else 0,
        agency_pence=provision.agency_pence if bought else 0,
    )


def _sources(records: Records) -> str:
    used: dict[int, date] = {}
    words: list[str] = []
    for plan in records.evidence_plans:
        for provision in plan.provisions:
            rate = rate_for(records.rates, provision)
            if rate is not None and rate.card_id not in used:
                used[rate.card_id] = rate.valid_from
                words.append(f"{rate.source}, from {plain_date(rate.valid_from)}")
    return f"Hourly rates: {'; '.join(words)}." if words else ""
