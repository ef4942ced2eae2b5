"""Intake for programs."""
