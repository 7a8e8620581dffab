"""Professionals, requests, evidence and audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Professionals, requests, evidence and audit."""
    op.create_table(
        "chain_head",
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_chain_head_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_head")),
        sa.UniqueConstraint("school_id", name=op.f("uq_chain_head_school_id")),
    )
    op.create_table(
        "change_event",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("act", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous_mac", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_change_event_actor_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_change_event_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_event")),
        sa.UniqueConstraint("school_id", "sequence", name=op.f("uq_change_event_school_id_sequence")),
    )
    op.create_index("ix_change_event_pupil", "change_event", ["school_id", "pupil_id", "at"], unique=False)
    op.create_table(
        "change_detail",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_why", sa.Text(), nullable=False),
        sa.Column("erased_authority", sa.String(length=120), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["change_event.id"], name=op.f("fk_change_detail_event_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_change_detail_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_detail")),
        sa.UniqueConstraint("event_id", name=op.f("uq_change_detail_event_id")),
    )
    op.create_table(
        "import_file",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("ticked", sa.JSON(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_import_file_job_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_import_file_recorded_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_import_file_school_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["user.id"], name=op.f("fk_import_file_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
    )
    op.create_index("ix_import_file_school", "import_file", ["school_id", "recorded_at"], unique=False)
    op.create_table(
        "assessment_request",
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("authority_version", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("more_needed", sa.Text(), nullable=False),
        sa.Column("outcomes_sought", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("advice_asked_on", sa.Date(), nullable=True),
        sa.Column("advice_sent_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("decision_words", sa.Text(), nullable=False),
        sa.Column("head_signed_by", sa.String(length=120), nullable=False),
        sa.Column("head_signed_on", sa.Date(), nullable=True),
        sa.Column("senco_signed_by", sa.String(length=120), nullable=False),
        sa.Column("senco_signed_on", sa.Date(), nullable=True),
        sa.Column("from_paper", sa.Boolean(), nullable=False),
        sa.Column("none_earlier", sa.Boolean(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_assessment_request_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "review_id"],
            ["review.school_id", "review.pupil_id", "review.id"],
            name=op.f("fk_assessment_request_review_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_assessment_request_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_request")),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f("uq_assessment_request_school_id_pupil_id_id")),
    )
    op.create_index("ix_assessment_request_status", "assessment_request", ["school_id", "status"], unique=False)
    op.create_table(
        "involvement",
        sa.Column("service", sa.String(length=120), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("who_refers", sa.String(length=120), nullable=False),
        sa.Column("refer_by", sa.Date(), nullable=True),
        sa.Column("referred_on", sa.Date(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("parents_agree", sa.Boolean(), nullable=True),
        sa.Column("outcome_words", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_involvement_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "document_id"],
            ["document.school_id", "document.pupil_id", "document.id"],
            name=op.f("fk_involvement_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "review_id"],
            ["review.school_id", "review.pupil_id", "review.id"],
            name=op.f("fk_involvement_review_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_involvement_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvement")),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f("uq_involvement_school_id_pupil_id_id")),
    )
    op.create_table(
        "advice",
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("recommendation", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_advice_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "involvement_id"],
            ["involvement.school_id", "involvement.pupil_id", "involvement.id"],
            name=op.f("fk_advice_involvement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "replaces_id"],
            ["advice.school_id", "advice.pupil_id", "advice.id"],
            name=op.f("fk_advice_replaces_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_advice_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice")),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f("uq_advice_school_id_pupil_id_id")),
    )
    op.create_table(
        "clock_note",
        sa.Column("assessment_request_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(32), nullable=False),
        sa.Column("exception", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_clock_note_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "assessment_request_id"],
            ["assessment_request.school_id", "assessment_request.pupil_id", "assessment_request.id"],
            name=op.f("fk_clock_note_assessment_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_clock_note_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_note")),
    )
    op.create_table(
        "consent",
        sa.Column("assessment_request_id", sa.Integer(), nullable=True),
        sa.Column("adult_id", sa.Integer(), nullable=True),
        sa.Column("by_pupil", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("answer", sa.String(32), nullable=False),
        sa.Column("signed_how", sa.String(32), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("copies_to", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_consent_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "adult_id"], ["adult.school_id", "adult.id"], name=op.f("fk_consent_adult_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "assessment_request_id"],
            ["assessment_request.school_id", "assessment_request.pupil_id", "assessment_request.id"],
            name=op.f("fk_consent_assessment_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "document_id"],
            ["document.school_id", "document.pupil_id", "document.id"],
            name=op.f("fk_consent_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_consent_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_table(
        "narrative",
        sa.Column("assessment_request_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_narrative_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "assessment_request_id"],
            ["assessment_request.school_id", "assessment_request.pupil_id", "assessment_request.id"],
            name=op.f("fk_narrative_assessment_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_narrative_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_narrative")),
        sa.UniqueConstraint(
            "assessment_request_id", "section", name=op.f("uq_narrative_assessment_request_id_section")
        ),
    )
    op.create_table(
        "pack_build",
        sa.Column("assessment_request_id", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("builder_name", sa.String(length=120), nullable=False),
        sa.Column("manifest", sa.JSON(), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_pack_build_job_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_pack_build_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "assessment_request_id"],
            ["assessment_request.school_id", "assessment_request.pupil_id", "assessment_request.id"],
            name=op.f("fk_pack_build_assessment_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_pack_build_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_build")),
    )
    op.create_table(
        "advice_action",
        sa.Column("advice_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("by_when", sa.Date(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_advice_action_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "advice_id"],
            ["advice.school_id", "advice.pupil_id", "advice.id"],
            name=op.f("fk_advice_action_advice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_advice_action_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_action")),
    )
