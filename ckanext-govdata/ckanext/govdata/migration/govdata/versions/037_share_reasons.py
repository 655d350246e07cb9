"""The triggers that note changes tell the reason and the scope of restricted sharing, too."""
from alembic import op

from ckanext.govdata.ledger import triggers

revision = "037"
down_revision = "036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in triggers.installing():
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """What 018 makes, it makes of the same declaration."""
