"""How an answer was asked, and what we had counted before."""

import sqlalchemy as sa
from alembic import op

revision = "0002_notes_of_answers"
down_revision = "0001_first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Both may be missing to the code before: one is empty, the other has its default."""
    op.add_column("messages", sa.Column("notes", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("usage_records", sa.Column("counted", sa.BigInteger(), server_default="0", nullable=False))
