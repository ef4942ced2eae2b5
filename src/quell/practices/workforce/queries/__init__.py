"""Reads of the workforce: people with what they hold, rules, and who gets a piece of work."""
