"""Reads of the clocks."""
