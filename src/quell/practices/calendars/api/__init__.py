"""Calendars and holiday sets for programs."""
