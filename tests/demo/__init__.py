"""Tests of the demonstration and of the fake that it is when it is scripted."""
