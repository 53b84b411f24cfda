"""Tests about the house itself: its walls, files and papers. Each lists all that offends at once."""
