"""Rules of assignment: the ordered list of an organisation, one rule in a form, trying them on what was reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import RECORDS_LEAD, SETTINGS_MANAGE
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade as incidents
from quell.practices.services import facade as services
from quell.practices.workforce import facade

from . import queries
from .doors import door, nothing_here, page, reach
from .listing import asked
from .places import Place

POLICIES = {
    "least_loaded": gettext_lazy("who has most room"),
    "round_robin": gettext_lazy("everybody in turn"),
    "skill": gettext_lazy("who knows enough and has most room"),
    "sticky": gettext_lazy("who helped the same person last"),
    "fixed": gettext_lazy("one named person, or who stands in"),
    "pull": gettext_lazy("nobody: the team takes it themselves"),
}
#: Places that one page of the form offers for skills.
NEEDS = 3
ALL_SERVICES = services.Asked("", True, None, 200, None)
Rules = list[dict[str, Any]]
Words = Mapping[str, Mapping[str, Any]]


def _any_of(label: Any, **more: Any) -> forms.MultipleChoiceField:
    """Values of which any will do: ticked, so that a finger, a mouse and a keyboard do it alike."""
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple, **more)


class RuleForm(forms.Form):
    """One rule as a sentence: if all of this holds, then that team, chosen in that way."""

    name = forms.CharField(label=gettext_lazy("Name of the rule"), max_length=120)
    category = _any_of(gettext_lazy("Category is"))
    service = _any_of(gettext_lazy("Service is"))
    organisation = _any_of(gettext_lazy("Requester's organisation is"))
    channel = _any_of(gettext_lazy("It came by"))
    language = _any_of(gettext_lazy("Requester speaks"), choices=lambda: settings.LANGUAGES)
    impact = _any_of(gettext_lazy("Impact is"), choices=[(str(n), str(n)) for n in range(1, 5)])
    vip = forms.ChoiceField(
        label=gettext_lazy("Requester is a VIP"),
        required=False,
        choices=[("", gettext_lazy("does not matter")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
    )
    team = forms.ChoiceField(label=gettext_lazy("It goes to"), required=False)
    policy = forms.ChoiceField(label=gettext_lazy("and among them to"), choices=lambda: list(POLICIES.items()))
    person = forms.ChoiceField(label=gettext_lazy("The named person"), required=False)
    active = forms.BooleanField(label=gettext_lazy("The rule is in force"), required=False, initial=True)

    def __init__(self, *args: Any, actor: Actor, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {
            "category": incidents.categories(place.id),
            "service": [(row["code"], row["name"]) for row in services.services(actor, ALL_SERVICES)],
            "organisation": [choice for choice in place.choices if choice[0]],
            "channel": list(incidents.CHANNEL_WORDS.items()),
            "team": [("", _("– no team –")), *directory.teams(actor, place.id)],
            "person": [("", _("– nobody –")), *((p["email"], p["name"]) for p in directory.workers(actor, place.id))],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        skills = [("", "–"), *((skill.code, skill.name) for skill in facade.skills(actor))]
        for n in range(NEEDS):
            self.fields[f"skill_{n}"] = forms.ChoiceField(label=_("needs"), required=False, choices=skills)
            self.fields[f"level_{n}"] = forms.ChoiceField(
                label=_("at level"), required=False, choices=[(str(level), str(level)) for level in range(1, 6)]
            )

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Skill and level, side by side."""
        return [(self[f"skill_{n}"], self[f"level_{n}"]) for n in range(NEEDS)]

    def rule(self) -> dict[str, Any]:
        """As the rules are kept."""
        given = self.cleaned_data
        conditions: dict[str, Any] = {
            name: list(given[name])
            for name in ("category", "service", "organisation", "channel", "language")
            if given[name]
        }
        if given["impact"]:
            conditions["impact"] = [int(level) for level in given["impact"]]
        if given["vip"]:
            conditions["vip"] = given["vip"] == "yes"
        needs = {given[f"skill_{n}"]: int(given[f"level_{n}"] or 1) for n in range(NEEDS) if given[f"skill_{n}"]}
        rule = {name: given[name] for name in ("name", "policy", "active")}
        rule |= {name: given[name] for name in ("team", "person") if given[name]}
        return {**rule, "conditions": conditions, "needs": needs}

    @staticmethod
    def initial_of(rule: dict[str, Any]) -> dict[str, Any]:
        """A kept rule as the form shows it."""
        conditions = rule["conditions"]
        initial = {**rule, **conditions, "impact": [str(level) for level in conditions.get("impact", ())]}
        initial["vip"] = {True: "yes", False: "no"}.get(conditions.get("vip"), "")  # type: ignore[arg-type]
        for n, (skill, level) in enumerate(list(rule["needs"].items())[:NEEDS]):
            initial |= {f"skill_{n}": skill, f"level_{n}": str(level)}
        return initial


def _place(request: HttpRequest, actor: Actor) -> Place:
    """The organisation looked at: one whose rules this person may write."""
    far = reach(actor, SETTINGS_MANAGE, RECORDS_LEAD)
    rows = queries.organisations(far)
    code = asked(request, "organisation") or (rows[0]["code"] if rows else "")
    row = next((one for one in rows if one["code"] == code), None)
    if row is None:
        raise nothing_here()
    return Place(row["id"], row["code"], row["name"], queries.choices(rows), far)


def _kept(actor: Actor, place: Place) -> tuple[int, Rules]:
    _organisation, version, found = facade.rules(actor, place.code)
    return version, [
        {
            "name": rule.name,
            "active": rule.active,
            "conditions": rule.conditions,
            "team": rule.team.code if rule.team else None,
            "policy": rule.policy,
            "person": rule.person.email if rule.person else None,
            "needs": rule.needs,
            "fired": rule.fired,
            "fired_at": rule.fired_at,
            "team_name": rule.team.name if rule.team else "",
            "person_name": rule.person.name if rule.person else "",
        }
        for rule in found
    ]


def _plain(rules: Rules) -> Rules:
    names = ("name", "active", "conditions", "team", "policy", "person", "needs")
    return [{name: rule[name] for name in names if name in rule} for rule in rules]


@require_http_methods(["GET", "HEAD"])
@door(SETTINGS_MANAGE, RECORDS_LEAD)
def assignment(request: HttpRequest) -> HttpResponse:
    """The rules in their order; `try=1` says what they would do with the latest hundred incidents."""
    actor = actor_of(request)
    place = _place(request, actor)
    version, rules = _kept(actor, place)
    words = _words(actor, place)
    for number, rule in enumerate(rules):
        rule |= {"number": number, "sentence": _if(rule, words), "then": _then(rule, words)}
    context: dict[str, Any] = {
        "rules": rules,
        "version": version,
        "place": place,
        "trail": [{"label": _("Assignment"), "url": ""}],
    }
    if asked(request, "try") == "1":
        context |= _tried(facade.try_rules(actor, {"organisation": place.code}))
    return page(request, "assignment", context)


def _tried(found: list[facade.Outcome]) -> dict[str, Any]:
    return {
        "tried": len(found),
        "differing": sum(one.differs for one in found),
        "unmatched": sum(not one.rule for one in found),
        "outcomes": found,
    }


def _words(actor: Actor, place: Place) -> Words:
    """What the codes of a rule are called, by fact; skills under "needs"."""
    return {
        "category": dict(incidents.categories(place.id)),
        "service": {row["code"]: row["name"] for row in services.services(actor, ALL_SERVICES)},
        "organisation": {code: name.strip() for code, name in place.choices},
        "channel": incidents.CHANNEL_WORDS,
        "language": dict(settings.LANGUAGES),
        "needs": {skill.code: skill.name for skill in facade.skills(actor)},
    }


def _if(rule: dict[str, Any], words: Words) -> str:
    """The conditions as a sentence."""
    parts = [
        _("%(fact)s is %(values)s") % {"fact": facade.fact_word(fact), "values": _values(fact, wanted, words)}
        for fact, wanted in rule["conditions"].items()
    ]
    return _(" and ").join(parts) if parts else _("always")


def _values(fact: str, wanted: Any, words: Words) -> str:
    if fact == "vip":
        return _("yes") if wanted else _("no")
    known = words.get(fact, {})
    return _(" or ").join(str(known.get(value, value)) for value in wanted)


def _then(rule: dict[str, Any], words: Words) -> str:
    chosen = rule["person_name"] if rule["policy"] == "fixed" else str(POLICIES.get(rule["policy"], rule["policy"]))
    needs = ", ".join(f"{words['needs'].get(skill, skill)} ≥ {level}" for skill, level in rule["needs"].items())
    return " · ".join(part for part in (rule["team_name"], chosen, needs) if part)


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE, RECORDS_LEAD)
def rule(request: HttpRequest) -> HttpResponse:
    """One rule, new or to be changed (`number` counts from 0). A post with `try` only tries, `keep` keeps."""
    actor = actor_of(request)
    place = _place(request, actor)
    version, rules = _kept(actor, place)
    number = _number(request, len(rules))
    if request.method != "POST":
        initial = RuleForm.initial_of(rules[number]) if number is not None else {"policy": "least_loaded"}
        return _rule(request, place, RuleForm(initial=initial, actor=actor, place=place), number, version)
    form = RuleForm(request.POST, actor=actor, place=place)
    if not form.is_valid():
        return _rule(request, place, form, number, version, status=422)
    drafts = _plain(rules)
    if number is None:
        drafts.append(form.rule())
    else:
        drafts[number] = form.rule()
    wanted = {"organisation": place.code, "rules": drafts}
    try:
        if "try" in request.POST:
            return _rule(request, place, form, number, version, more=_tried(facade.try_rules(actor, wanted)))
        facade.put_rules(actor, wanted, version=_version(request))
    except Refusal as no:
        mine = f"rules.{len(drafts) - 1 if number is None else number}."
        for error in no.errors:
            name = error.field.removeprefix(mine).removeprefix("conditions.")
            form.add_error(name if name in form.fields else None, error.message)
        if not no.errors:
            form.add_error(None, no.sentence)
        return _rule(request, place, form, number, version, status=no.status)
    messages.success(request, _("Stored. It decides for what is reported from now on."))
    return _back(place)


def _number(request: HttpRequest, most: int) -> int | None:
    text = request.GET.get("number", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) < most):
        raise nothing_here()
    return int(text)


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _rule(
    request: HttpRequest,
    place: Place,
    form: RuleForm,
    number: int | None,
    version: int,
    *,
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "number": number,
        "version": version,
        "place": place,
        "trail": [
            {"label": _("Assignment"), "url": reverse("administration:assignment") + place.query},
            {"label": _("New rule") if number is None else _("Rule"), "url": ""},
        ],
        **(more or {}),
    }
    return page(request, "assignment_rule", context, status=status)


@require_POST
@door(SETTINGS_MANAGE, RECORDS_LEAD)
def arrange(request: HttpRequest) -> HttpResponse:
    """Move a rule up or down, switch it, or remove it; the whole list is kept anew."""
    actor = actor_of(request)
    place = _place(request, actor)
    _now, kept = _kept(actor, place)
    rules, number = _plain(kept), _number(request, len(kept))
    change = request.POST.get("change", "")
    if number is None or change not in ("up", "down", "switch", "remove"):
        raise nothing_here()
    if change == "remove":
        del rules[number]
    elif change == "switch":
        rules[number]["active"] = not rules[number]["active"]
    else:
        other = number + (1 if change == "down" else -1)
        if 0 <= other < len(rules):
            rules[number], rules[other] = rules[other], rules[number]
    try:
        facade.put_rules(actor, {"organisation": place.code, "rules": rules}, version=_version(request))
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("Saved."))
    return _back(place)


def _back(place: Place) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("administration:assignment") + place.query)
