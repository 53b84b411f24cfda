"""Exercises at full length, of which the checks run a sample. A drill's `main()` returns an exit code."""
