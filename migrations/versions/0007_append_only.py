"""Evidence is never changed: triggers refuse it, unless a destruction permit stands (design §4)."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"

APPEND_ONLY = (
    "measurement",
    "view",
    "observation",
    "advice",
    "advice_action",
    "delivered_session",
    "presence",
    "attendance",
    "agreement",
    "agreement_adult",
    "amendment",
    "contribution",
    "next_step",
    "seal",
    "addendum",
    "consent",
    "pack_build",
    "change_event",
)
OF_A_REVIEW = ("attendee", "judgement", "provision_judgement")
PROMISE = "what, who, by_when, review_id, pupil_id"
PERMITTED = "EXISTS (SELECT 1 FROM destruction_permit)"
SEALED = "(SELECT status FROM review WHERE id = {row}.review_id) = 'sealed'"


def upgrade() -> None:
    """Hang the triggers in."""
    if op.get_bind().dialect.name != "sqlite":
        _postgresql()
        return
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            _refuse(table, act, "1", "a record of evidence is never changed")
    for act in ("UPDATE", "DELETE"):
        _refuse("review", act, "OLD.status = 'sealed'", "a sealed review is never changed")
    for table in OF_A_REVIEW:
        for act, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
            _refuse(table, act, SEALED.format(row=row), "a sealed review is never changed")
    # A promise of a sealed review may be ticked off, and nothing else.
    for act, row in (("INSERT", "NEW"), (f"UPDATE OF {PROMISE}", "OLD"), ("DELETE", "OLD")):
        _refuse("action_item", act, SEALED.format(row=row), "a sealed review is never changed")


def _refuse(table: str, act: str, when: str, words: str) -> None:
    op.execute(
        f'CREATE TRIGGER "keep_{table}_{act.split()[0].lower()}" BEFORE {act} ON "{table}" '
        f"WHEN {when} AND NOT {PERMITTED} BEGIN SELECT RAISE(ABORT, '{words}'); END"
    )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION keep_evidence() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT {PERMITTED} THEN RAISE EXCEPTION 'a record of evidence is never changed' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f'CREATE TRIGGER "keep_{table}" BEFORE UPDATE OR DELETE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION keep_evidence()"
        )
    op.execute(
        'CREATE TRIGGER "keep_review" BEFORE UPDATE OR DELETE ON "review" '
        "FOR EACH ROW WHEN (OLD.status = 'sealed') EXECUTE FUNCTION keep_evidence()"
    )
    op.execute(
        "CREATE FUNCTION keep_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE about bigint; BEGIN "
        "IF TG_OP = 'INSERT' THEN about := NEW.review_id; ELSE about := OLD.review_id; END IF; "
        f"IF (SELECT status FROM review WHERE id = about) = 'sealed' AND NOT {PERMITTED} THEN "
        "RAISE EXCEPTION 'a sealed review is never changed' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    for table in OF_A_REVIEW:
        op.execute(
            f'CREATE TRIGGER "keep_{table}" BEFORE INSERT OR UPDATE OR DELETE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION keep_sealed()"
        )
    op.execute(
        f'CREATE TRIGGER "keep_action_item" BEFORE INSERT OR UPDATE OF {PROMISE} OR DELETE ON "action_item" '
        "FOR EACH ROW EXECUTE FUNCTION keep_sealed()"
    )
