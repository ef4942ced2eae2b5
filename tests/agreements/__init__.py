"""Agreements: their life, what never changes, the book of promises, chains, doors."""
