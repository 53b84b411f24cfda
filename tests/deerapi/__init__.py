"""DeerAPI as Python: every way a wire was seen to behave, and what becomes of it."""
