"""What lists ask of an address: short texts without the signs a database refuses."""

from __future__ import annotations

from django.http import HttpRequest

LONGEST = 200


def asked(request: HttpRequest, name: str, choices: tuple[str, ...] = ()) -> str:
    """One parameter, tidied; with `choices`, anything else counts as the first of them."""
    value = " ".join(request.GET.get(name, "").replace("\x00", "").split())[:LONGEST]
    if choices and value not in choices:
        return choices[0]
    return value
