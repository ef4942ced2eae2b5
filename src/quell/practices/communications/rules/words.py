"""Which text of an announcement somebody reads. Pure."""

from __future__ import annotations

from collections.abc import Mapping

Texts = Mapping[str, Mapping[str, str]]


def text_for(wanted: str, language: str, title: str, text: str, translations: Texts) -> tuple[str, str, str]:
    """(language, title, text) for a reader of `wanted`: theirs, else one of the same root (`zh-hant` for `zh-hans`),
    else the language it was written in."""
    if wanted == language:
        return language, title, text
    known = [wanted, *sorted(code for code in translations if code.split("-")[0] == wanted.split("-")[0])]
    for code in known:
        if code in translations:
            return code, translations[code]["title"], translations[code].get("text", "")
    return language, title, text
