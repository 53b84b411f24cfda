"""Markdown to HTML on the server: the twin of static/js/markdown/. Knows no portal, no table and no language.

Nothing is imported here: the portal marks what a process of its own has rendered, and needs no grammar for that.
"""
