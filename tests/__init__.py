"""Tests of the house as a whole; a room keeps its own beside its code."""
