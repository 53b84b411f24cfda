"""Where a person may be sent after signing in: pages of this portal, and nothing that only looks like one."""

import re

START = "/"
LONGEST = 200
# Letters right behind the slash: "//host", "/\host" and "/%09/host" lead to other sites.
_PAGE = re.compile(r"/[A-Za-z0-9][A-Za-z0-9/_-]*", re.ASCII)
_NO_PAGES = ("/api/", "/assets/", "/sign-in", "/sign-out")


def safe(path: str) -> str:
    """The path if it is one of our pages', else the start."""
    is_page = len(path) <= LONGEST and _PAGE.fullmatch(path) and not path.startswith(_NO_PAGES)
    return path if is_page else START
