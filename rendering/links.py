"""Decides where a link of a message may lead, as static/js/markdown/safe-href.js does in the browser."""

import re

# What the grammar has made of an address: no white space and no letter beyond ASCII is left in it.
WEB = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?:[/?#][^\s\\]*)?", re.IGNORECASE | re.ASCII)
MAIL = re.compile(r"mailto:[^\s\\/@]+@[^\s\\/@]+", re.IGNORECASE)


def safe_href(address: str) -> tuple[str, str] | None:
    """(address, host), the host being "" for mail; None: no link. A name before an @ hides who is meant."""
    if web := WEB.fullmatch(address):
        return address, web[1].lower()
    return (address, "") if MAIL.fullmatch(address) else None
