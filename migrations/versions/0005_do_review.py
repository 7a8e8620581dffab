"""Delivered sessions and reviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Delivered sessions and reviews."""
    op.create_table(
        "delivered_session",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("led_by_id", sa.Integer(), nullable=True),
        sa.Column("client_reference", sa.String(length=64), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["led_by_id"], ["user.id"], name=op.f("fk_delivered_session_led_by_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_delivered_session_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "group_id"], ["group.school_id", "group.id"], name=op.f("fk_delivered_session_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "replaces_id"],
            ["delivered_session.school_id", "delivered_session.id"],
            name=op.f("fk_delivered_session_replaces_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_delivered_session_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivered_session")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_delivered_session_replaces_id")),
        sa.UniqueConstraint(
            "school_id", "client_reference", name=op.f("uq_delivered_session_school_id_client_reference")
        ),
        sa.UniqueConstraint("school_id", "id", name=op.f("uq_delivered_session_school_id_id")),
    )
    op.create_index("ix_delivered_session_group", "delivered_session", ["group_id", "held_on"], unique=False)
    op.create_table(
        "group_cover",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_group_cover_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "group_id"], ["group.school_id", "group.id"], name=op.f("fk_group_cover_group_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_group_cover_school_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_group_cover_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_cover")),
        sa.UniqueConstraint("group_id", "user_id", "on", name=op.f("uq_group_cover_group_id_user_id_on")),
    )
    op.create_table(
        "presence",
        sa.Column("delivered_session_id", sa.Integer(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("engagement", sa.String(32), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reading", sa.BigInteger(), nullable=True),
        sa.Column("reading_censor", sa.String(32), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_presence_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "delivered_session_id"],
            ["delivered_session.school_id", "delivered_session.id"],
            name=op.f("fk_presence_delivered_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_presence_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence")),
        sa.UniqueConstraint("delivered_session_id", "pupil_id", name=op.f("uq_presence_delivered_session_id_pupil_id")),
    )
    op.create_index("ix_presence_pupil", "presence", ["pupil_id"], unique=False)
    op.create_table(
        "review",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("interim", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("with_parent", sa.Boolean(), nullable=True),
        sa.Column("pupil_present", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Text(), nullable=False),
        sa.Column("others_present", sa.Text(), nullable=False),
        sa.Column("pupil_views", sa.Text(), nullable=False),
        sa.Column("parent_views", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("from_paper", sa.Boolean(), nullable=False),
        sa.Column("decision", sa.JSON(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_review_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "cycle_id"],
            ["cycle.school_id", "cycle.pupil_id", "cycle.id"],
            name=op.f("fk_review_cycle_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_review_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("school_id", "pupil_id", "id", name=op.f("uq_review_school_id_pupil_id_id")),
    )
    op.create_index("ix_review_cycle", "review", ["cycle_id"], unique=False)
    op.create_index("ix_review_held", "review", ["school_id", "held_on"], unique=False)
    op.create_table(
        "action_item",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("by_when", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_action_item_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "review_id"],
            ["review.school_id", "review.pupil_id", "review.id"],
            name=op.f("fk_action_item_review_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_action_item_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_item")),
    )
    op.create_index("ix_action_item_due", "action_item", ["school_id", "by_when"], unique=False)
    op.create_table(
        "addendum",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_addendum_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "review_id"],
            ["review.school_id", "review.pupil_id", "review.id"],
            name=op.f("fk_addendum_review_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_addendum_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addendum")),
    )
    op.create_table(
        "attendee",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("adult_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "adult_id"], ["adult.school_id", "adult.id"], name=op.f("fk_attendee_adult_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "review_id"],
            ["review.school_id", "review.pupil_id", "review.id"],
            name=op.f("fk_attendee_review_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_attendee_pupil_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_attendee_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendee")),
    )
    op.create_table(
        "judgement",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("outcome_id", sa.Integer(), nullable=False),
        sa.Column("judgement", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_judgement_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "outcome_id"],
            ["outcome.school_id", "outcome.pupil_id", "outcome.id"],
            name=op.f("fk_judgement_outcome_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "review_id"],
            ["review.school_id", "review.pupil_id", "review.id"],
            name=op.f("fk_judgement_review_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_judgement_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
        sa.UniqueConstraint("review_id", "outcome_id", name=op.f("uq_judgement_review_id_outcome_id")),
    )
    op.create_table(
        "next_step",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("suggested", sa.String(32), nullable=True),
        sa.Column("suggestion_reasons", sa.JSON(), nullable=False),
        sa.Column("specialist", sa.String(32), nullable=True),
        sa.Column("specialist_words", sa.Text(), nullable=False),
        sa.Column("request", sa.String(32), nullable=True),
        sa.Column("request_words", sa.Text(), nullable=False),
        sa.Column("check_back_on", sa.Date(), nullable=True),
        sa.Column("signposted", sa.Boolean(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_next_step_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "review_id"],
            ["review.school_id", "review.pupil_id", "review.id"],
            name=op.f("fk_next_step_review_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_next_step_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_step")),
        sa.UniqueConstraint("review_id", name=op.f("uq_next_step_review_id")),
    )
    op.create_table(
        "provision_judgement",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_provision_judgement_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "provision_id"],
            ["provision.school_id", "provision.pupil_id", "provision.id"],
            name=op.f("fk_provision_judgement_provision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "review_id"],
            ["review.school_id", "review.pupil_id", "review.id"],
            name=op.f("fk_provision_judgement_review_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_provision_judgement_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision_judgement")),
        sa.UniqueConstraint("review_id", "provision_id", name=op.f("uq_provision_judgement_review_id_provision_id")),
    )
    op.create_table(
        "seal",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous_digest", sa.String(length=64), nullable=False),
        sa.Column("signer_id", sa.Integer(), nullable=True),
        sa.Column("signer_name", sa.String(length=120), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "review_id"],
            ["review.school_id", "review.pupil_id", "review.id"],
            name=op.f("fk_seal_review_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_seal_pupil_id")
        ),
        sa.ForeignKeyConstraint(["signer_id"], ["user.id"], name=op.f("fk_seal_signer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal")),
        sa.UniqueConstraint("review_id", name=op.f("uq_seal_review_id")),
        sa.UniqueConstraint("school_id", "sequence", name=op.f("uq_seal_school_id_sequence")),
    )
    op.create_table(
        "weekly_tick",
        sa.Column("provision_id", sa.Integer(), nullable=False),
        sa.Column("week_of", sa.Date(), nullable=False),
        sa.Column("happened", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_weekly_tick_recorded_by_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id", "provision_id"],
            ["provision.school_id", "provision.pupil_id", "provision.id"],
            name=op.f("fk_weekly_tick_provision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupil.school_id", "pupil.id"], name=op.f("fk_weekly_tick_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_tick")),
    )
    op.create_index("ix_weekly_tick_provision", "weekly_tick", ["provision_id", "week_of"], unique=False)
