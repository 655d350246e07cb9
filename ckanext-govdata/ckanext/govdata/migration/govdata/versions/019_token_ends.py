"""API tokens that have stood for a year get thirty days more, not an end without a warning."""
from alembic import op

revision = "019"
down_revision = "018"
branch_labels = None
depends_on = None

UP = """
UPDATE api_token SET plugin_extras = coalesce(plugin_extras, '{}') || jsonb_build_object('govdata',
    jsonb_build_object('ends', to_char(now() AT TIME ZONE 'UTC' + interval '30 days',
        'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')))
    WHERE created_at < now() AT TIME ZONE 'UTC' - interval '335 days';
"""
DOWN = "UPDATE api_token SET plugin_extras = plugin_extras - 'govdata';"


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
