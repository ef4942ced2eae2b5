"""Bringing in what other systems know of incidents."""
