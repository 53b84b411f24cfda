"""${message}."""

import sqlalchemy as sa
from alembic import op



revision = "${up_revision}"
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From there to here; the code still running must be able to work with the result."""
    ${upgrades if upgrades else "pass"}
