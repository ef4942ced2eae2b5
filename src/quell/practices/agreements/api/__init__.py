"""Agreements and metrics for programs."""
