"""Applications that wait for their check go on by themselves when its days are over, those that
were handed in before there was such a rule, too: their rows say after which day.
"""

from alembic import op

revision = "033"
down_revision = "032"
branch_labels = None
depends_on = None

WAITING = """
UPDATE govdata_case c SET lapses = CAST(CAST(e.clocks AS json) -> 'check' ->> 'due' AS date)
FROM govdata_case_event e
WHERE e.case_id = c.id AND e.number = c.version AND c.kind = 'open_application'
AND c.state = 'submitted' AND CAST(e.clocks AS json) -> 'check' ->> 'stopped' IS NULL
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(WAITING)


def downgrade() -> None:
    op.execute(
        "UPDATE govdata_case SET lapses = NULL"
        " WHERE kind = 'open_application' AND state = 'submitted'"
    )
