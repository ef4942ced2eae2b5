"""What the three-pane page of an incident shows, gathered in a few statements.

The page, and every fragment that comes after a verb, a message or an edited fact, are drawn from this one context.
"""

from __future__ import annotations

from time import monotonic_ns
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import PEOPLE_MANAGE
from quell.kernel.records.numbers import kind_of_prefix
from quell.practices.incidents import facade

from . import (
    clocks_shown,
    composer,
    forms,
    handover,
    hours_shown,
    listing,
    nav,
    queries,
    reading,
    story,
    wording,
    work_shown,
)

TABS = ("conversation", "tasks", "history", "files", "family")
STATE_MENU = ("start", "hold", "resume", "resolve", "reopen", "close", "cancel")
MORE_MENU = ("transfer", "dispute", "escalate", "de_escalate", "link", "watch")
FINISHED = ("closed", "cancelled")


def link_to(number: str) -> str | None:
    """Where a record number in a text leads; None for kinds that have no page."""
    known = kind_of_prefix(number.partition("-")[0])
    return {"incident": f"/incidents/{number}", "task": f"/tasks/{number}"}.get(known.code) if known else None


def gather(
    request: HttpRequest,
    actor: Actor,
    row: dict[str, Any],
    around: dict[str, Any] | None = None,
    *,
    fragment: bool = False,
) -> dict[str, Any]:
    """Everything on the page of one incident. `row` comes from the facade, seen through this actor's eyes; `around`
    are its surroundings, when they have been asked for already."""
    asked = listing.given(request.GET)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    show = request.GET.get("show", "")
    show = show if show in story.SHOWN else "all"
    pane = listing.pane(actor, asked)
    carried = pane["carried"] if asked else ""
    if around is None:
        around = queries.surroundings(actor, row["id"], row["requester_id"])
    row["has_children"] = any(child["category"] in ("new", "active", "waiting") for child in around["children"])
    entries = facade.timeline(actor, row)
    known = {verb.verb: verb for verb in facade.verbs_on(actor, row)}
    base = f"/incidents/{row['number']}"
    context = {
        "row": row,
        "base": base,
        "carried": carried,
        "tab": tab,
        "show": show,
        "number_link": link_to,
        "files_count": sum(len(entry["attachments"]) for entry in entries),
        "family_count": len(around["children"]) + len(around["links"]) + bool(around["parent"]),
        **_ways(request, base, asked, tab, show),
        "tasks_done": around["tasks"][0],
        "tasks_all": around["tasks"][1],
        "clock": hours_shown.chip(actor, row),
        "similar_stamp": f"{row['version']}-{monotonic_ns() % 1_000_000}",
        **_menus(known, base, carried, actor, row),
        **pane,
        **_side(actor, row, around, base, carried, known),
        **clocks_shown.pane(row, carried),
        **composer.context(actor, row, around, known, base, carried, entries[-1]["id"] if entries else 0),
    }
    context["carried"] = carried
    if tab == "conversation":
        lines = story.told(entries, row, show=show, link=carried)
        context |= reading.arranged(lines, shown=_shown(request), unread=around["first_unread"] or 0)
        if context["earlier"]:
            context["earlier_url"] = _address(base, asked, show=request.GET.get("show", ""), lines=str(_more(request)))
    elif tab == "tasks":
        context |= work_shown.context(
            actor, row, listing.encoded({**asked, "tab": "tasks"}), request.GET.get("open", "")
        )
    elif tab == "history":
        context["history"] = story.history(entries)
    elif tab == "files":
        context["files"] = [{**f, "url": f"/attachments/{f['id']}"} for f in facade.attachments(actor, row)]
    if not fragment:
        context |= nav.frame(request, listing.code_of(asked or listing.DEFAULT))
    return context


def _ways(request: HttpRequest, base: str, asked: dict[str, str], tab: str, show: str) -> dict[str, Any]:
    """Tabs, filters, and where the open page is refreshed from: as much as it shows, and of the same kind."""
    lines = request.GET.get("lines", "") if _shown(request) != reading.WINDOW else ""
    plain = {"tab": "" if tab == TABS[0] else tab, "show": "" if show == "all" else show}
    return {
        "tabs": _tabs(base, asked, tab),
        "filters": _filters(base, asked, show),
        "fresh_url": _address(f"{base}/fresh", asked, **plain, lines=lines),
    }


def _shown(request: HttpRequest) -> int:
    """How many lines of the conversation were asked for."""
    asked = request.GET.get("lines", "")
    return min(int(asked[:5]), 2000) if asked.isascii() and asked.isdigit() else reading.WINDOW


def _more(request: HttpRequest) -> int:
    return _shown(request) + 2 * reading.WINDOW


def _tabs(base: str, asked: dict[str, str], tab: str) -> list[dict[str, Any]]:
    labels = {
        "conversation": _("Conversation"),
        "tasks": _("Tasks"),
        "history": _("History"),
        "files": _("Files"),
        "family": _("Family"),
    }
    return [
        {
            "code": code,
            "label": label,
            "url": _address(base, asked, tab="" if code == TABS[0] else code),
            "current": code == tab,
        }
        for code, label in labels.items()
    ]


def _filters(base: str, asked: dict[str, str], show: str) -> list[dict[str, Any]]:
    labels = {
        "all": _("Everything"),
        "public": _("Public"),
        "internal": _("Internal"),
        "events": _("Events"),
    }
    return [
        {"label": label, "url": _address(base, asked, show="" if code == "all" else code), "current": code == show}
        for code, label in labels.items()
    ]


def _address(base: str, asked: dict[str, str], **more: str) -> str:
    parameters = {**asked, **{name: text for name, text in more.items() if text}}
    return f"{base}?{urlencode(parameters)}" if parameters else base


def _menus(known: dict[str, facade.Verb], base: str, carried: str, actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    """The verbs as buttons: what may be done, then what may not, with the reasons once each."""

    def entry(code: str) -> dict[str, Any]:
        verb = known[code]
        return {
            "verb": code,
            "label": wording.VERBS.get(code, code),
            "icon": wording.VERB_ICONS.get(code, "point"),
            "allowed": verb.allowed,
            "reason": verb.reason,
            "asks": code in forms.VERBS,
            "url": f"{base}/do/{code}{carried}",
            "danger": code == "cancel",
        }

    def menu(codes: tuple[str, ...]) -> dict[str, Any]:
        entries = [entry(code) for code in codes if code in known]
        refused = [one for one in entries if not one["allowed"]]
        reasons = list(dict.fromkeys(one["reason"] for one in refused if one["reason"]))
        return {"can": [one for one in entries if one["allowed"]], "cannot": refused, "reasons": reasons}

    assign = known["assign"]
    return {
        "state_menu": menu(STATE_MENU),
        "more_menu": menu(MORE_MENU),
        "assign": entry("assign"),
        "take": {
            "allowed": assign.allowed and row["assignee_id"] != actor.person_id,
            "url": f"{base}/do/take{carried}",
        },
        "handover": handover.shown(actor, row, base, carried),
        "state_label": wording.STATES.get(row["state"], row["state"]),
        "can_link": known["link"].allowed,
        "urgencies": [
            {"level": level, "label": label, "current": level == row["urgency"]}
            for level, label in wording.URGENCIES.items()
        ]
        if known["edit"].allowed and row["state"] not in FINISHED
        else [],
        "urgency_url": f"{base}/edit/urgency{carried}",
        "can_watch": known["watch"].allowed,
        "explain_url": f"/admin/access?record={row['number']}" if _looks_after_people(actor, row) else "",
        "quick": entry("resolve") if known["resolve"].allowed else entry("reopen") if known["reopen"].allowed else None,
    }


def _looks_after_people(actor: Actor, row: dict[str, Any]) -> bool:
    scope = actor.scope(PEOPLE_MANAGE)
    return scope.everywhere or row["organisation_id"] in scope.organisations


def _side(
    actor: Actor, row: dict[str, Any], around: dict[str, Any], base: str, carried: str, known: dict[str, facade.Verb]
) -> dict[str, Any]:
    may_edit, finished = known["edit"].allowed, row["state"] in FINISHED
    leads = actor.can("records.lead", row["organisation_id"], row["team_id"])
    for related in (*around["others"], *around["children"], *around["links"], *filter(None, [around["parent"]])):
        related["url"] = f"/incidents/{related['number']}{carried}"
        related["state_label"] = wording.STATES.get(related["state"], related["state"])
    for related in around["links"]:
        seen = related["kind"] if related["outward"] else wording.INVERSE.get(related["kind"], related["kind"])
        related["seen"], related["label"] = seen, wording.LINKS.get(seen, seen)
    category = listing.category_name(row["organisation_id"], row["category"]) if row["category"] else ""

    def fact(name: str, shown: Any, *, editable: bool) -> dict[str, Any]:
        return {
            "name": name,
            "label": wording.FIELDS[name],
            "value": shown or "–",
            "url": f"{base}/edit/{name}{carried}" if editable else "",
        }

    still = may_edit and not finished
    details = [
        fact("category", category, editable=may_edit),
        fact("service", row["service_name"], editable=may_edit)
        | {"about": f"/services/{row['service']}" if row["service"] else ""},
        fact("impact", wording.value("impact", row["impact"]), editable=still),
        fact("urgency", wording.value("urgency", row["urgency"]), editable=still),
        fact("affected_users", str(row["affected_users"]), editable=still),
        fact("team", row["team_name"], editable=known["assign"].allowed),
        fact("owner", row["owner_name"], editable=still and leads),
        fact("priority", f"P{row['priority']}", editable=still),
    ]
    reasons = [
        {"label": wording.WHY.get(factor.factor, factor.factor), "points": round(factor.points)}
        for factor in facade.priority_reasons(row)
    ]
    return {
        "around": around,
        "requester": around["requester"],
        "details": details,
        "channel_label": wording.value("channel", row["channel"]),
        "channel_icon": wording.CHANNEL_ICONS.get(row["channel"], "point"),
        "hold_label": wording.value("hold_reason", row["hold_reason"]) if row["hold_reason"] else "",
        "resolution_label": wording.value("resolution_code", row["resolution_code"]) if row["resolution_code"] else "",
        "priority_reasons": reasons,
        "category_words": category,
        "watching": any(one["id"] == actor.person_id for one in around["watchers"]),
    }
