"""Every page there is, from the product's own list of addresses, with an example for each of its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import product

from django.contrib.auth.tokens import default_token_generator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from quell.kernel.actions.directory import devices
from quell.kernel.files import store
from quell.kernel.journal.models import Entry
from quell.kernel.notify.models import Notification
from quell.kernel.people.models import Role
from quell.kernel.people.tokens import issue
from quell.kernel.records import outbox
from quell.kernel.records.models import Record
from quell.kernel.testing.cast import Cast
from quell.kernel.ui.contact import DESK_HOURS, DESK_PHONE
from quell.kernel.ui.styleguide import SAMPLES
from quell.practices.agreements import facade as agreements
from quell.practices.calendars import facade as calendars
from quell.practices.clocks import facade as clocks
from quell.practices.clocks.models import EscalationStep
from quell.practices.communications import facade as communications
from quell.practices.incidents import facade
from quell.practices.intake import facade as intake
from quell.practices.servicedesk import facade as servicedesk
from quell.practices.servicedesk.actions import export as exporting
from quell.practices.tasks import facade as tasks
from quell.practices.workforce import facade as workforce
from quell.practices.worklog import facade as worklog
from quell.workspaces.desk import forms
from quell.workspaces.portal import signed_links
from tests.notify.phone import Phone

# The smallest picture: one pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
# Addresses below these belong to programs; of the API only the page for people is a page.
FOR_PROGRAMS = ("api/", "healthz", "readyz", "live", "manifest.webmanifest", "service-worker.js", "profile/standing")
API_DOCS = "api/v1/docs"
# Places whose look depends on what is asked of them.
QUESTIONS = {
    "": ["?tour=again"],
    "portal/": ["?tour=again"],
    "admin/set-up/try": ["?again=1"],
    "incidents/": [
        "?state=open&sort=priority",
        "?q=nothing+mentions+this",
        "?sort=nonsense",
        "?mine=true",
        "?layout=board",
        "?query=state:open+prio<2",
    ],
    "incidents/<str:number>": ["?tab=tasks", "?tab=history", "?tab=files", "?tab=family"],
    "incidents/condition": ["?field=team", "?field=opened", "?field=requester"],
    "incidents/look": ["?part=export", "?list=view%3Dmine"],
    "views/new": ["?list=query%3Dstate%253Aopen"],
    "search": ["?q=vpn", "?q=nobody+wrote+this"],
    "portal/search": ["?q=vpn"],
    "admin/settings": ["?q=incidents", "?q=no+such+setting"],
    "admin/access": ["?person=Claire&record=INC-000001", "?person=nobody&record=INC-000001"],
    "portal/requests": ["?show=done", "?q=nothing"],
    "portal/report": ["?title=printer", "?title=vpn"],
    "admin/ratings": ["?most=2"],
    "admin/assignment": ["?try=1"],
    "admin/assignment/rule": ["?organisation=gungun&number=0"],
    "inbox": ["?shelf=done", "?shelf=snoozed"],
    "admin/announcements": ["?phase=draft"],
    "admin/agreements": ["?q=nothing"],
    "admin/agreements/choice": ["?metric=resolution&organisation=gungun&priority=1&kind=incident"],
    "admin/agreements/<slug:code>": ["?older=1&newer=2", "?version=2"],
    "admin/metrics/new": ["?copy=update"],
}
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NOT_THERE = [
    "nothing/here",
    "incidents/INC-99999999",
    "portal/requests/INC-99999999",
    "admin/people/99999999",
    "sign-in/new-password/a/b",
]


def routes() -> list[str]:
    """All page addresses as they are written in the urls modules."""
    return sorted({*(one for one in _walk(get_resolver(), "") if not one.startswith(FOR_PROGRAMS)), API_DOCS})


def _walk(resolver: URLResolver, above: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        here = above + str(one.pattern)
        if isinstance(one, URLPattern):
            yield here
        else:
            yield from _walk(one, here)


def visitors(route: str) -> tuple[str, ...]:
    """Who looks at it: the people whose page it is ("": nobody signed in)."""
    if route.startswith(("sign-in", "styleguide", "api/", "answer/", "offline")):
        return ("",)
    if route.startswith("admin/"):
        return ("root",)
    if route.startswith("portal/"):
        return ("claire",)
    if route.startswith(("profile", "inbox", "sign-out")):
        return ("claire", "amira")
    return ("amira",)


def addresses(route: str, known: dict[str, list[str]]) -> list[str]:
    """The address filled with each example; raises LookupError when there is none for a parameter."""
    names = PARAMETER.findall(route)
    choices = []
    for name in names:
        found = known.get(f"{route} {name}") or known.get(name)
        if not found:
            raise LookupError(f"Say in known() of {__name__} what <{name}> of the page {route} may be.")
        choices.append(found)
    filled = []
    for values in product(*choices):
        address = route
        for value in values:
            address = PARAMETER.sub(value, address, count=1)
        filled.append(f"/{address}")
    return [*filled, *(filled[0] + question for question in QUESTIONS.get(route, []))]


def known(people: Cast) -> dict[str, list[str]]:
    """Puts life into the house, and says what the parameters of addresses may be."""
    claire, amira = people.actor("claire"), people.actor("amira")
    DESK_PHONE.put("4357")
    DESK_HOURS.put("Mon–Fri 07–19")
    number = _lively(people)
    resolved = facade.report(claire, {"title": "Printer on floor 3 prints stripes", "service": "mail"})
    facade.act(amira, "assign", resolved, {"assignee": people.amira.email})
    facade.act(amira, "resolve", resolved, {"resolution_code": "fixed", "resolution": "New drum."})
    for at in range(60):
        facade.report(
            claire, {"title": f"VPN drops on the way to site {at}", "impact": 1 + at % 3, "urgency": 1 + at % 3}
        )
    token, _secret = issue(people.claire, "spreadsheet")
    issue(people.amira, "script")
    return {
        "number": [number, resolved],
        "incidents/<str:number>/do/<slug:verb> number": [number],
        "incidents/<str:number>/do/<slug:verb> verb": sorted(forms.VERBS),
        "incidents/<str:number>/edit/<slug:name> number": [number],
        "incidents/<str:number>/edit/<slug:name> name": sorted(forms.FACTS),
        "styleguide/<slug:name> name": sorted(SAMPLES),
        "line": [str(_told(people, number))],
        "attachment_id": ["1"],
        "person_id": [str(people.amira.pk)],
        "organisation_id": [str(people.gungun.pk)],
        "team_id": [str(people.desk.pk)],
        "role_id": [str(Role.objects.create(code="helpers", name="Helpers", capabilities=["records.view"]).pk)],
        "grant_id": ["1"],
        "token_id": [str(token.pk)],
        "device_id": [str(_called(people))],
        "category_id": ["1"],
        "code": ["mail"],
        "uidb64": [urlsafe_base64_encode(force_bytes(people.paul.pk))],
        **_announced(people, resolved),
        **_prepared(people, number),
        **_worked_on(people, number),
        **_kept(people, resolved),
        **_promised(people),
        **_clocked(people, number),
        "token": [default_token_generator.make_token(people.paul)],
    }


def _called(people: Cast) -> int:
    """A telephone of Claire's and one of Amira's."""
    made = 0
    for name in ("amira", "claire"):
        given = Phone().gives(f"https://fcm.googleapis.com/fcm/send/{name}")
        agent = "Mozilla/5.0 (Linux; Android 16) Chrome/151.0"
        made = devices.add_device(people.actor(name), given, mark=name.ljust(43, "x"), agent=agent).pk
    return made


def _told(people: Cast, number: str) -> int:
    """A line in Amira's inbox."""
    entry = Entry.objects.filter(record__number=number).latest("id")
    return Notification.objects.create(
        person=people.amira, record_id=entry.record_id, entry=entry, reason="assigned"
    ).pk


def _announced(people: Cast, resolved: str) -> dict[str, list[str]]:
    """An outage that shows, a draft, and links from a mail that ask and that have ended."""
    mia = people.actor("mia")
    soon = (timezone.now() + timedelta(hours=2)).isoformat()
    outage = {"title": "VPN in Lyon is unstable", "severity": "outage", "service": "mail", "next_update_at": soon}
    shown = communications.create(mia, {**outage, "text": "We are **on it**.", "publish": True})
    communications.create(mia, {"title": "Canteen closed", "severity": "information", "publish": True})
    communications.me_too(people.actor("claire"), shown)
    ask = {"words": ["printer"], "questions": [{"question": "Which printer?", "required": True}]}
    intake.ask(people.actor("root"), 1, ask)
    links = {one: signed_links.link(one, resolved, people.claire.pk, 0) for one in signed_links.PURPOSES}
    return {
        "announcement_id": [str(shown)],
        "health/<slug:code> code": ["mail"],
        **{f"answer/{one}/<str:token> token": [address.rsplit("/", 1)[1], "ended"] for one, address in links.items()},
    }


def _kept(people: Cast, number: str) -> dict[str, list[str]]:
    """A view of Amira's and one in the trash, something done to many and refused once, a list being written."""
    amira = people.actor("amira")
    key = servicedesk.create_view(amira, {"name": "Due soon", "query": "state:open priority<=2", "layout": "board"})
    servicedesk.trash_view(amira, servicedesk.create_view(amira, {"name": "Old"}))
    servicedesk.arrange(amira, "home", [key, "unassigned"])
    batch = servicedesk.start_batch(amira, {"verb": "start", "numbers": [number]})
    export = servicedesk.start_export(amira, {"query": "state:open"})
    exporting.write(export)
    return {"key": [key], "place": ["home"], "batch_id": [str(batch)], "export_id": [str(export)]}


def _worked_on(people: Cast, number: str) -> dict[str, list[str]]:
    """Tasks, lines, a template, and an hour of Amira's."""
    amira = people.actor("amira")
    task = tasks.add(amira, number, {"title": "Pull the logs", "assignee": amira.email, "required": True})
    done = tasks.add(amira, number, {"title": "Tell the shop"})
    tasks.act(amira, "complete", done)
    line = tasks.add_line(amira, task, {"text": "Router"})
    ticked = tasks.add_line(amira, number, {"text": "Photo of the label", "required": True})
    tasks.tick(amira, ticked)
    lines = [{"title": "Collect laptop", "due_seconds": 7200}, {"kind": "check", "title": "Badge"}]
    template = tasks.create_template(people.actor("root"), {"name": "Leaver", "lines": lines})
    entry = worklog.record(amira, {"record": number, "seconds": 3600, "note": "Looked at the logs"})
    worklog.start(amira, {"record": number})
    days = {"starts_at": "2099-01-01T00:00:00Z", "ends_at": "2099-01-09T00:00:00Z"}
    away = workforce.announce_absence(people.actor("root"), {"person": people.amira.email, **days})
    return {
        "absence_id": [str(away)],
        "task": [task],
        "tasks/<str:number> number": [task],
        "line_id": [str(line)],
        "template_id": [str(template)],
        "entry_id": [str(entry)],
        "incidents/<str:number>/tasks/<str:task>/<slug:verb> verb": ["complete"],
        "incidents/<str:number>/lines/<int:line_id>/<slug:verb> verb": ["tick"],
    }


def _promised(people: Cast) -> dict[str, list[str]]:
    """An SLA in force whose next version lies before both sides, with a team behind it that cannot keep it."""
    root = people.actor("root")
    week = {day: [["08:00", "16:00"]] for day in WEEK[:5]}
    office = {"code": "office", "name": "Hours of Gungun", "organisation": "gungun", "zone": "Europe/Copenhagen"}
    calendars.create(root, {**office, "weekly": week})
    team = {"code": "net", "name": "Network team", "kind": "ola", "team": "network", "organisation": "gungun"}
    kept = {"code": "std", "name": "Standard", "kind": "sla", "organisation": "gungun"}
    for head, metric, hours in ((team, "handling", 12), (kept, "resolution", 8)):
        agreements.create(root, head)
        targets = [{"metric": metric, "amount": hours * 3600, "calendar": "office", "priorities": [1]}]
        told = {"summary": "This is what **we** do.", "penalties": "None.", "tiers": [{"below": 95, "credit": 5}]}
        agreements.write(root, head["code"], {**told, "targets": targets, "valid_from": "2026-01-01"})
        agreements.propose(root, head["code"])
        agreements.sign(root, head["code"], {"side": "both"})
    days = calendars.create_set(root, {"code": "outings", "name": "Outings", "organisation": "gungun"})
    step = EscalationStep.objects.create(percent=80, audiences=["leads"])
    agreements.draft(root, "std")
    agreements.write(root, "std", {"valid_from": "2099-01-01", "summary": "Sooner."})
    agreements.propose(root, "std")
    pages = ("", "/head", "/write")
    return {
        **{f"admin/agreements/<slug:code>{page} code": ["std"] for page in pages},
        **{f"admin/calendars/<slug:code>{page} code": ["office"] for page in ("", "/year", "/try", "/versions")},
        "admin/metrics/<slug:code> code": ["resolution"],
        "admin/holiday-sets/<slug:code> code": [days],
        "step_id": [str(step.pk)],
        "version_number": ["1"],
    }


def _clocked(people: Cast, number: str) -> dict[str, list[str]]:
    """Every incident with the clocks of a promise to everybody, as if it had always been there."""
    root = people.actor("root")
    agreements.create(root, {"code": "gold", "name": "Gold 24×7", "kind": "sla", "organisation": "gungun"})
    hours = {"zone": "UTC", "weekly": {day: [["00:00", "24:00"]] for day in WEEK}}
    calendars.create(root, {"code": "round", "name": "Round the clock", "organisation": "gungun", **hours})
    promised = [("response", 2), ("resolution", 8)]
    targets = [{"metric": metric, "amount": amount * 3600, "calendar": "round"} for metric, amount in promised]
    agreements.write(root, "gold", {"summary": "Soon.", "targets": targets, "valid_from": "2026-01-01"})
    agreements.propose(root, "gold")
    agreements.sign(root, "gold", {"side": "both"})
    clocks.apply_to_history("gungun", lambda _done, _all: None)
    found = clocks.standings(list(Record.objects.filter(number=number).values_list("id", flat=True)), timezone.now())
    return {"clock_id": [str(one.id) for ones in found.values() for one in ones][:1]}


def _lively(people: Cast) -> str:
    """An incident to which everything happened once."""
    claire, amira, mia = people.actor("claire"), people.actor("amira"), people.actor("mia")
    text = "Every few minutes, at home and in the office.\n\n- since **Monday**\n- `vpn0: link lost`\n\n" + "long " * 80
    number = facade.report(claire, {"title": "VPN drops every few minutes", "description": text})
    other = facade.report(people.actor("paul"), {"title": "VPN slow"})
    facade.act(mia, "assign", number, {"assignee": people.amira.email, "team": "service-desk"})
    facade.act(amira, "comment", number, {"body": "The firmware is to blame.", "visibility": "internal"})
    facade.act(amira, "comment", number, {"body": "We look into it.", "visibility": "public"})
    facade.act(amira, "link", number, {"to": other, "kind": "related_to"})
    facade.act(amira, "watch", number, {"person": people.paul.email})
    for name, public in (("screen.png", True), ("a-very-long-file-name-that-somebody-gave-to-a-log-file.log", False)):
        blob = store.keep(SimpleUploadedFile(name, PIXEL))
        facade.act(amira, "attach", number, {"sha256": blob.sha256, "name": name, "public": public})
    facade.act(amira, "hold", number, {"hold_reason": "requester"})
    return number


def _prepared(people: Cast, number: str) -> dict[str, list[str]]:
    """What Amira keeps for her work, and a reply of hers on its way."""
    amira = people.actor("amira")
    texts = {"en": "Dear {{ requester.first_name }}, {{ service }} works again.", "da": "Kære"}
    said = servicedesk.create_canned(amira, {"name": "Works again", "folder": "Mail", "texts": texts})
    steps = [
        {"verb": "assign", "inputs": {"assignee": "{{ agent.email }}"}},
        {"verb": "comment", "inputs": {"body": texts, "visibility": "public"}},
    ]
    macro = servicedesk.create_macro(amira, {"name": "Take and say so", "steps": steps})
    odd = servicedesk.create_macro(amira, {"name": "Begin, then take", "steps": [{"verb": "start"}, steps[0]]})
    later = timezone.now() + timedelta(days=2)
    again = servicedesk.remind(amira, {"number": number, "at": later, "text": "Ask the supplier"})
    message = facade.send(amira, number, {"body": "Until then.", "send_at": later})
    record = Record.objects.get(number=number)
    picture = store.keep(SimpleUploadedFile("shot.png", PIXEL))
    put = outbox.put_in(people.amira.pk, record.pk, "public", picture.sha256, "shot.png", timezone.now())
    return {
        "enclosure_id": [str(put)],
        "text_id": [str(said)],
        "macro_id": [str(macro), str(odd)],
        "reminder_id": [str(again)],
        "message_id": [str(message.id)],
    }
