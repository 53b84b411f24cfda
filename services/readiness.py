"""What keeps the portal from working right now, one word each."""

import shutil

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from extensions import db, portal

FREE_BYTES = 50 * 1024 * 1024


def problems() -> list[str]:
    """`database` when it doesn't answer, `disk` when it is nearly full; empty when all is well."""
    found = []
    try:
        db.session.execute(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        found.append("database")
    if shutil.disk_usage(portal().config["CELADON"].data_dir).free < FREE_BYTES:
        found.append("disk")
    return found
