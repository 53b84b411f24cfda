"""What people wish for themselves, which news they have seen, and when they last looked at a conversation."""

import sqlalchemy as sa
from alembic import op

revision = "0004_wishes_of_people"
down_revision = "0003_running_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All may be missing to the code before. A conversation that nobody kept count of counts as read."""
    op.add_column("users", sa.Column("text_size", sa.String(40), server_default="normal", nullable=False))
    op.add_column("users", sa.Column("enter_key", sa.String(40), server_default="send", nullable=False))
    op.add_column("users", sa.Column("model", sa.String(200), nullable=True))
    op.add_column("users", sa.Column("about_me", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("notifies", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("users", sa.Column("news_seen", sa.String(40), nullable=True))
    op.add_column("conversations", sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
