"""The demonstration upstream: a program of its own that speaks DeerAPI's wire format, and knows nothing of Celadon."""
