"""The school's own words for letters get their door: a permit alone opens no kept row, of whatever table."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"

TABLE = "letter_wording"
OPEN = "SELECT 1 FROM destruction_permit"
NAMED = "SELECT 1 FROM tombstone JOIN destruction_permit ON destruction_permit.token = tombstone.permit"
NAMED += f" WHERE destruction_permit.token <> '' AND tombstone.table_name = '{TABLE}' AND tombstone.row_id = OLD.id"


def upgrade() -> None:
    """Hang the door in, as it hangs before every other table of evidence."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            f'CREATE TRIGGER "door_{TABLE}" BEFORE UPDATE OR DELETE ON "{TABLE}" '
            "FOR EACH ROW EXECUTE FUNCTION door_row()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f'CREATE TRIGGER "door_{TABLE}_{act.lower()}" BEFORE {act} ON "{TABLE}" WHEN EXISTS ({OPEN}) '
            f"AND NOT EXISTS ({NAMED}) BEGIN SELECT RAISE(ABORT, 'only what a tombstone names may go'); END"
        )
