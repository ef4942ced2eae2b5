"""Why somebody got a piece of work, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from quell.kernel.config import sql


def explain(said: Mapping[str, Any]) -> list[str]:
    """Sentences from what a decision left in the journal: the rule, the choice, who was passed over and why."""
    because, passed = said.get("because"), said.get("passed_over", [])
    if not isinstance(because, list):
        return []
    sentences = [_("The rule “%(rule)s” held.") % {"rule": said["rule"]}] if said.get("rule") else []
    sentences.append(reason(because[0], because[1]))
    names = _names([person for person, _code, _values in passed])
    sentences += [
        _("Not %(name)s: %(why)s") % {"name": names.get(person, "?"), "why": reason(code, values)}
        for person, code, values in passed
    ]
    if skipped := said.get("skipped", []):
        parts = [_("“%(rule)s” (%(fact)s)") % {"rule": rule, "fact": fact(name)} for rule, name in skipped]
        sentences.append(_("Rules before it that did not hold: %(rules)s.") % {"rules": ", ".join(parts)})
    return sentences


def _names(ids: Sequence[int]) -> dict[int, str]:
    return dict(sql.rows("SELECT id, name FROM people_person WHERE id = ANY(%s)", [list(ids)]))


def reason(code: str, values: Mapping[str, Any]) -> str:
    """One reason in words."""
    filled = {name: _number(value) for name, value in values.items()}
    wording = _REASONS.get(code)
    return wording() % filled if wording else code


def _number(value: Any) -> Any:
    return f"{value:g}" if isinstance(value, float) else value


_REASONS: dict[str, Callable[[], str]] = {
    "no_rule": lambda: _("No rule holds for this report."),
    "nobody": lambda: _("Nobody could take it, so it waits for its team."),
    "pull": lambda: _("The people of the team take it themselves."),
    "round_robin": lambda: _("It was their turn among %(of)s."),
    "least_loaded": lambda: _("Least work in hand of %(of)s: %(load)s of %(capacity)s."),
    "skill": lambda: _("Knows enough (%(needs)s), and has the least work in hand of %(of)s: %(load)s of %(capacity)s."),
    "sticky": lambda: _("Helped the same person within the last %(days)s days."),
    "fixed": lambda: _("The rule names this person."),
    "substitute": lambda: _("Stands in for %(for)s."),
    "absent": lambda: _("is absent."),
    "off_hours": lambda: _("is not working at this hour."),
    "switched_off": lambda: _("is taking no work at the moment."),
    "inactive": lambda: _("has left."),
    "unskilled": lambda: _("%(skill)s at level %(has)s, %(level)s is needed."),
    "full": lambda: _("has hands full: %(load)s of %(capacity)s."),
    "not_meant": lambda: _("is not the person the rule names."),
}


def away(code: str) -> str:
    """What keeps somebody from taking work, in a word or two; "" when nothing does."""
    words = {
        "absent": _("absent"),
        "off_hours": _("off hours"),
        "switched_off": _("taking no work"),
        "inactive": _("has left"),
    }
    return words.get(code, code)


def fact(name: str) -> str:
    """The name of a fact that a rule asks for."""
    return {
        "category": _("category"),
        "service": _("service"),
        "organisation": _("organisation"),
        "language": _("language"),
        "vip": _("VIP"),
        "channel": _("channel"),
        "impact": _("impact"),
    }.get(name, name)
