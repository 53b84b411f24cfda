"""The second lock: a well-kept cleaner looks over the HTML that build.py made, and should find nothing to do."""

import nh3

from rendering.build import to_html

PLAIN = "p h2 h3 h4 h5 h6 ul blockquote table thead tbody tr em strong s hr br code pre span sup table-box"
ATTRIBUTES: dict[str, set[str]] = {
    **{name: set() for name in PLAIN.split()},
    "a": {"href", "target", "rel", "id", "data-host"},
    "code-block": {"language"},
    "li": {"class", "id"},
    "math-text": {"display"},
    "ol": {"start"},
    "section": {"class"},
    "td": {"class"},
    "th": {"class"},
}
CLEANER = nh3.Cleaner(
    tags=set(ATTRIBUTES),
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    strip_comments=True,
)


def clean_html(source: str, prefix: str) -> str:
    """What the text is shown as, safe to be put into a page; see `rendering.build.to_html`."""
    return CLEANER.clean(to_html(source, prefix))
