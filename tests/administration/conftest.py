"""Everybody of the cast, signed in at the pages."""

from __future__ import annotations

from tests.signed_in import Door, as_, folk

__all__ = ["Door", "as_", "folk"]
