"""All settings on one page: what each does, its default, what is in force, and who changed it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.actions.options import LastChange, Setting, differing, last_changes, matching, overview, put_options
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of

from . import nav, notifications
from .doors import door, page
from .listing import asked
from .places import Place, place_of

INHERIT = "inherit"
#: What is set on pages of its own, by the name of the page.
OWN_PAGES = {
    "notifications": gettext_lazy("What reaches whom, and where: inbox, daily mail, mail at once"),
    "matrix": gettext_lazy("Which impact and urgency give which priority"),
    "categories": gettext_lazy("What incidents are about, and what the form asks about each"),
    "task_templates": gettext_lazy("Tasks that are added together, and what must be done before resolving"),
    "services": gettext_lazy("What people depend on, how critical it is, and who answers for it"),
    "roles": gettext_lazy("What people may do"),
}
OF_A_PLACE = ("notifications", "matrix", "categories", "task_templates")


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE)
def settings(request: HttpRequest) -> HttpResponse:
    """The settings of a place; a POST saves all that differ, or none."""
    actor = actor_of(request)
    place = place_of(request, actor)
    known = overview(place.id)
    typed: dict[str, str] = {}
    faults: dict[str, str] = {}
    if request.method == "POST":
        values, typed = _sent(request, known)
        if "reset" in request.POST:  # one setting goes back; what else stands in the form is not sent along
            values, typed = {request.POST["reset"].replace("\x00", "")[:120]: None}, {}
        try:
            changed = put_options(actor, values, place.id)
        except Refusal as no:
            faults = {error.field: error.message for error in no.errors} or {"": no.sentence}
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was different."))
            return HttpResponseRedirect(reverse("administration:settings") + place.query)
    text = asked(request, "q") if request.method != "POST" else ""
    last = last_changes(place.id)
    differ = differing() if place.id is None else {}
    context = {
        "place": place,
        "text": text,
        "pages": _pages(actor, place, text),
        "rooms": _by_room([_shown(one, typed, faults, last, differ) for one in matching(known, text)]),
        "faults": [(f"id_{key}", _label(known, key), sentence) for key, sentence in faults.items()],
        "trail": [{"label": _("Settings"), "url": ""}],
    }
    return page(request, "settings", context, status=422 if faults else 200)


def _sent(request: HttpRequest, known: list[Setting]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of a form in the kind of each setting, and as they were typed. What cannot be read is handed on as
    it is, for the check to refuse; what the form does not hold stays untouched."""
    values: dict[str, Any] = {}
    typed: dict[str, str] = {}
    for setting in known:
        key = setting.option.key
        if key not in request.POST:
            continue
        text = request.POST.get(key, "").replace("\x00", "").strip()[:2000]
        typed[key] = text
        if request.POST.get(f"{key}.{INHERIT}") or (isinstance(setting.option.default, bool) and text == INHERIT):
            values[key] = None
        elif setting.option.choices:
            values[key] = text or None
        elif isinstance(setting.option.default, bool):
            values[key] = {"yes": True, "no": False}.get(text, text)
        elif isinstance(setting.option.default, int):
            values[key] = None if text == "" else _whole(text)
        else:
            values[key] = text
    return values, typed


def _whole(text: str) -> int | str:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 10 else text


def _shown(
    setting: Setting,
    typed: dict[str, str],
    faults: dict[str, str],
    last: dict[str, LastChange],
    differ: dict[str, list[tuple[str, str]]],
) -> dict[str, Any]:
    key, default = setting.option.key, setting.option.default
    kind = "bool" if isinstance(default, bool) else "int" if isinstance(default, int) else "text"
    words = {code: str(said) for code, said in setting.option.choices}
    return {
        "setting": setting,
        "key": key,
        "kind": "choice" if words else kind,
        "choices": list(words.items()),
        "typed": typed.get(key, _words(setting.value) if setting.own else ""),
        "default": words.get(default, _words(default)),
        "above": words.get(setting.above, _words(setting.above)),
        "value": words.get(setting.value, _words(setting.value)),
        "find": f"{setting.option.label} {setting.option.help} {key}",
        "last": last.get(key),
        "differ": differ.get(key, []),
        "fault": faults.get(key, ""),
    }


def _pages(actor: Actor, place: Place, text: str) -> list[dict[str, str]]:
    """What is set on a page of its own, for the search to lead there: all of them before anybody searches."""
    words = text.casefold().split()
    also = {"notifications": notifications.find_words()}
    found = []
    for link in nav.rooms(actor):
        name = next((one for one in OWN_PAGES if reverse(f"administration:{one}") == link.url), None)
        if name is None:
            continue
        find = f"{link.label} {OWN_PAGES[name]} {also.get(name, '')}"
        if all(word in find.casefold() for word in words):
            address = link.url + (place.query if name in OF_A_PLACE else "")
            found.append(
                {"url": address, "icon": link.icon, "label": link.label, "text": str(OWN_PAGES[name]), "find": find}
            )
    return found


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _label(known: list[Setting], key: str) -> str:
    return next((str(setting.option.label) for setting in known if setting.option.key == key), "")


def _by_room(rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    names = {
        "agreements": _("Agreements"),
        "clocks": _("Clocks"),
        "communications": _("Announcements"),
        "desk": _("Service desk"),
        "incidents": _("Incidents"),
        "mail": _("Mail"),
        "records": _("Conversation"),
        "servicedesk": _("Views"),
        "services": _("Services"),
        "ui": _("Pages"),
        "workforce": _("Assignment"),
    }
    rooms: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        rooms.setdefault(row["setting"].room, []).append(row)
    return [(names.get(room, room.replace("_", " ").capitalize()), found) for room, found in rooms.items()]
