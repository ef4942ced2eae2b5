"""Terms as JSON, the copy that a clock keeps of what was promised, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .terms import Target, Terms

#: Names and kinds of what is kept as it is.
_PLAIN = ("metric", "calendar", "agreement", "version", "on_change", "on_reopen", "breach_rule", "keep_breach")


def written(terms: Terms) -> dict[str, Any]:
    """The document of some terms; `parsed` reads it back."""
    document: dict[str, Any] = {name: getattr(terms, name) for name in _PLAIN}
    document["target"] = {"kind": terms.target.kind, "amount": terms.target.amount}
    document["pauses_on"] = sorted(terms.pauses_on)
    document["warn_at"] = list(terms.warn_at)
    return document


def parsed(document: Mapping[str, Any]) -> Terms:
    """The terms of a document that `written` made; what an older version did not write yet has its usual value."""
    target = document["target"]
    more: dict[str, Any] = {name: document[name] for name in _PLAIN[2:] if name in document}
    if "pauses_on" in document:
        more["pauses_on"] = frozenset(document["pauses_on"])
    if "warn_at" in document:
        more["warn_at"] = tuple(document["warn_at"])
    return Terms(document["metric"], Target(target["kind"], target["amount"]), document["calendar"], **more)
