"""Markdown to HTML on the server: the twin of static/js/markdown/. Knows no portal, no table and no language."""

from rendering.build import to_html

VERSION = 1
"""Of the HTML; what was made by another version is made again."""

__all__ = ["VERSION", "to_html"]
