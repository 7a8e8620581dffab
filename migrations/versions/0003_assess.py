"""Measurements, views, observations, concerns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Measurements, views, observations, concerns."""
    op.create_table(
        "concern",
        sa.Column("raised_by", sa.String(length=120), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("area", sa.String(32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_concern_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_concern_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
    )
    op.create_table(
        "measurement",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("censor", sa.String(32), nullable=True),
        sa.Column("form", sa.String(length=60), nullable=False),
        sa.Column("administered_by", sa.String(length=120), nullable=False),
        sa.Column("respondent", sa.String(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("from_paper", sa.Boolean(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("why_replaced", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_measurement_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "measure_id"], ["measure.school_id", "measure.id"], name=op.f("fk_measurement_measure_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "replaces_id"],
            ["measurement.school_id", "measurement.pupil_id", "measurement.id"],
            name=op.f("fk_measurement_replaces_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_measurement_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement")),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f("uq_measurement_school_id_pupil_id_id")),
    )
    op.create_index("ix_measurement_pupil", "measurement", ["pupil_id", "measure_id", "taken_on"], unique=False)
    op.create_table(
        "observation",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("from_paper", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_observation_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "replaces_id"],
            ["observation.school_id", "observation.pupil_id", "observation.id"],
            name=op.f("fk_observation_replaces_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_observation_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f("uq_observation_school_id_pupil_id_id")),
    )
    op.create_index("ix_observation_pupil", "observation", ["pupil_id", "area"], unique=False)
    op.create_table(
        "view",
        sa.Column("whose", sa.String(32), nullable=False),
        sa.Column("adult_id", sa.Integer(), nullable=True),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("gathered_by", sa.String(length=120), nullable=False),
        sa.Column("shared_with_family", sa.Boolean(), nullable=False),
        sa.Column("from_paper", sa.Boolean(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_view_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "adult_id"], ["adult.school_id", "adult.id"], name=op.f("fk_view_adult_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "replaces_id"],
            ["view.school_id", "view.pupil_id", "view.id"],
            name=op.f("fk_view_replaces_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_view_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_view")),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f("uq_view_school_id_pupil_id_id")),
    )
    op.create_index("ix_view_pupil", "view", ["pupil_id", "given_on"], unique=False)
