"""Requests for information and the bundles that answer them; notes that only a few may read, and releases by name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

OPEN = "SELECT 1 FROM destruction_permit"
NAMED = "SELECT 1 FROM tombstone JOIN destruction_permit ON destruction_permit.token = tombstone.permit"
NAMED += " WHERE destruction_permit.token <> '' AND tombstone.table_name = '{table}' AND tombstone.row_id = OLD.id"


def upgrade() -> None:
    """Add the tables; what was decided of a bundle is locked as evidence is."""
    _restricted_note()
    _restricted_release()
    _information_request()
    _clarification()
    _disclosure_decision()
    _disclosure_build()
    _keep("disclosure_decision")


def _restricted_note() -> None:
    op.create_table(
        "restricted_note",
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("visibility", sa.String(length=32), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_restricted_note_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_restricted_note_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restricted_note")),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f("uq_restricted_note_school_id_pupil_id_id")),
    )
    op.create_index("ix_restricted_note_pupil", "restricted_note", ["pupil_id"], unique=False)


def _restricted_release() -> None:
    op.create_table(
        "restricted_release",
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("restricted_note_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_restricted_release_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "document_id"],
            ["document.school_id", "document.pupil_id", "document.id"],
            name=op.f("fk_restricted_release_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "restricted_note_id"],
            ["restricted_note.school_id", "restricted_note.pupil_id", "restricted_note.id"],
            name=op.f("fk_restricted_release_restricted_note_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_restricted_release_pupil_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_restricted_release_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restricted_release")),
    )
    op.create_index("ix_restricted_release_user", "restricted_release", ["user_id", "school_id"], unique=False)


def _information_request() -> None:
    op.create_table(
        "information_request",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("adult_id", sa.Integer(), nullable=True),
        sa.Column("from_name", sa.String(length=160), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("extension_reason", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("given_build_id", sa.Integer(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_information_request_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "adult_id"], ["adult.school_id", "adult.id"], name=op.f("fk_information_request_adult_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_information_request_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_request")),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f("uq_information_request_school_id_pupil_id_id")),
    )
    op.create_index("ix_information_request_open", "information_request", ["school_id", "answered_on"], unique=False)


def _clarification() -> None:
    op.create_table(
        "clarification",
        sa.Column("information_request_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_clarification_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "information_request_id"],
            ["information_request.school_id", "information_request.pupil_id", "information_request.id"],
            name=op.f("fk_clarification_information_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_clarification_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarification")),
    )
    op.create_index("ix_clarification_request", "clarification", ["information_request_id"], unique=False)


def _disclosure_decision() -> None:
    op.create_table(
        "disclosure_decision",
        sa.Column("information_request_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("choice", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_disclosure_decision_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "information_request_id"],
            ["information_request.school_id", "information_request.pupil_id", "information_request.id"],
            name=op.f("fk_disclosure_decision_information_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_disclosure_decision_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_decision")),
    )
    op.create_index("ix_disclosure_decision_request", "disclosure_decision", ["information_request_id"], unique=False)


def _disclosure_build() -> None:
    op.create_table(
        "disclosure_build",
        sa.Column("information_request_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("builder_name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "information_request_id"],
            ["information_request.school_id", "information_request.pupil_id", "information_request.id"],
            name=op.f("fk_disclosure_build_information_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_disclosure_build_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_build")),
    )
    op.create_index("ix_disclosure_build_request", "disclosure_build", ["information_request_id"], unique=False)


def _keep(table: str) -> None:
    named = NAMED.format(table=table)
    if op.get_bind().dialect.name != "sqlite":
        for name, function in (("keep", "keep_evidence"), ("door", "door_row")):
            op.execute(
                f'CREATE TRIGGER "{name}_{table}" BEFORE UPDATE OR DELETE ON "{table}" '
                f"FOR EACH ROW EXECUTE FUNCTION {function}()"
            )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f'CREATE TRIGGER "keep_{table}_{act.lower()}" BEFORE {act} ON "{table}" '
            f"WHEN NOT EXISTS ({OPEN}) BEGIN SELECT RAISE(ABORT, 'a record of evidence is never changed'); END"
        )
        op.execute(
            f'CREATE TRIGGER "door_{table}_{act.lower()}" BEFORE {act} ON "{table}" WHEN EXISTS ({OPEN}) '
            f"AND NOT EXISTS ({named}) BEGIN SELECT RAISE(ABORT, 'only what a tombstone names may go'); END"
        )
