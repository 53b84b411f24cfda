"""Looks for the key wherever it must not stand, in every spelling it could have taken. Knows no portal."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

KEY = "sk-canary-4f1b8a2d93"
# Stands in questions: a person's words are in the database and on that person's screen, and nowhere else.
PROMPT = "purple-heron-7731"


def spellings(secret: str) -> set[bytes]:
    """The secret as it is, escaped, in hex, reversed, and in base64 at each of its three offsets."""
    plain = secret.encode()
    coded = {base64.b64encode(b"\0" * offset + plain)[4 if offset else 0 : -4] for offset in range(3)}
    others = {quote(secret, safe="").encode(), json.dumps(secret)[1:-1].encode(), plain.hex().encode(), plain[::-1]}
    return {plain, *coded, *others}


def leaks(secret: str, surfaces: Mapping[str, bytes]) -> list[str]:
    """The names of the surfaces on which the secret stands."""
    wanted = spellings(secret)
    return [name for name, content in surfaces.items() if any(spelling in content for spelling in wanted)]


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, the database with its WAL among them."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
