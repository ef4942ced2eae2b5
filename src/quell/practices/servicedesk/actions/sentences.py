"""What a verb with its inputs would do, in one sentence: for previews. Verbs nobody has written a sentence for are
named with their inputs, so that nothing ever happens unsaid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

_LONGEST = 160
#: What a field and its content are called on pages: the codes of a practice are put into words by those who show it.
_named: dict[str, Callable[..., str]] = {}


def name_with(field: Callable[[str], str], value: Callable[[str, Any], str]) -> None:
    """Say what fields and their contents are called; without it, sentences name both by their codes."""
    _named.update(field=field, value=value)


def describe(verb: str, inputs: Mapping[str, Any]) -> str:
    """The sentence."""
    words = {name: _shown(_value(name, value)) for name, value in inputs.items()}
    if verb == "comment":
        public = inputs.get("visibility") == "public"
        return (_("Reply: “%(body)s”") if public else _("Internal note: “%(body)s”")) % {"body": words.get("body", "")}
    if verb == "assign":
        return _assign(words)
    if verb == "edit":
        return "; ".join(_("set %(name)s to %(value)s") % {"name": _field(n), "value": v} for n, v in words.items())
    plain = {
        "start": _("Begin work"),
        "resume": _("Go on"),
        "close": _("Close"),
        "resolve": _("Resolve as %(resolution_code)s: “%(resolution)s”"),
        "transfer": _("Hand over to %(team)s: “%(reason)s”"),
        "hold": _("Put on hold, waiting for %(hold_reason)s"),
        "cancel": _("Cancel: “%(reason)s”"),
        "reopen": _("Reopen: “%(reason)s”"),
        "escalate": _("Escalate (%(kind)s): “%(reason)s”"),
        "watch": _("Share with %(person)s"),
        "link": _("Link: %(kind)s %(to)s"),
        "add_task": _("Add the task “%(title)s”"),
    }
    if verb not in plain:
        listed = ", ".join(f"{name} {value}" for name, value in words.items())
        return f"{verb}: {listed}" if listed else verb
    try:
        return plain[verb] % words
    except KeyError:
        return f"{verb}: " + ", ".join(f"{name} {value}" for name, value in words.items())


def _assign(words: Mapping[str, str]) -> str:
    assignee, team = words.get("assignee", ""), words.get("team", "")
    if assignee and team:
        return _("Assign to %(assignee)s, %(team)s") % {"assignee": assignee, "team": team}
    if assignee:
        return _("Assign to %(assignee)s") % {"assignee": assignee}
    if team:
        return _("Assign to %(team)s") % {"team": team}
    return _("Give back to the team")


def _field(name: str) -> str:
    return _named["field"](name) if _named else name


def _value(name: str, value: Any) -> Any:
    return _named["value"](name, value) if _named and isinstance(value, (str, int)) and value != "" else value


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(one) for one in value)
    return str(Truncator(" ".join(str(value).split())).chars(_LONGEST))
