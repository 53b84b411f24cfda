"""Which live answers run, and which wait for a slot."""

import sqlalchemy as sa
from alembic import op

revision = "0003_running_answers"
down_revision = "0002_notes_of_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """False of those that are there: what runs is closed when the portal starts again."""
    op.add_column("generations", sa.Column("running", sa.Boolean(), server_default=sa.false(), nullable=False))
