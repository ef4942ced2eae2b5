"""Gungun Trading, a small company that exists nowhere: what a newcomer finds in a fresh instance."""
