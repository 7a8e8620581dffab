"""Reading one row of what is known, for the form that corrects or goes on with it. The guard has found it in scope."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from graduated.assess.models import Advice, Involvement, Observation, View
from graduated.assess.queries import (
    AdviceRow,
    InvolvementRow,
    ObservationRow,
    ViewRow,
    involvements_of,
    observations_of,
    views_of,
)
from graduated.db.session import db

_OWNER = {
    model: select(model.pupil_id).where(model.id == bindparam("row_id")) for model in (Observation, View, Involvement)
}
_OF_ADVICE = select(Advice.pupil_id).where(Advice.id == bindparam("row_id"))


def observation_of(observation_id: int) -> ObservationRow:
    """One strength or difficulty."""
    pupil_id = db.session.execute(_OWNER[Observation], {"row_id": observation_id}).scalar_one()
    rows = observations_of(pupil_id, with_withdrawn=True)
    return next(row for row in rows if row.observation_id == observation_id)


def view_of(view_id: int) -> ViewRow:
    """One person's views on one day."""
    pupil_id = db.session.execute(_OWNER[View], {"row_id": view_id}).scalar_one()
    return next(row for row in views_of(pupil_id, with_replaced=True) if row.view_id == view_id)


def involvement_of(involvement_id: int) -> InvolvementRow:
    """One service's involvement with its advice."""
    pupil_id = db.session.execute(_OWNER[Involvement], {"row_id": involvement_id}).scalar_one()
    return next(row for row in involvements_of(pupil_id) if row.involvement_id == involvement_id)


def advice_of(advice_id: int) -> tuple[InvolvementRow, AdviceRow]:
    """One recommendation and the involvement that it came from."""
    pupil_id = db.session.execute(_OF_ADVICE, {"row_id": advice_id}).scalar_one()
    return next(
        (involvement, advice)
        for involvement in involvements_of(pupil_id)
        for advice in involvement.advice
        if advice.advice_id == advice_id
    )
