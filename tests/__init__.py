"""The tests: the same rooms again, and tests about the house itself."""
