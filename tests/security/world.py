"""A victim with a secret in every text, and intruders who should never learn one of them.

Claire's incident lies with the applications team. Each text on it and round it carries a word that stands nowhere else
(`RECORD`: nobody without right to the incident may read it; `INTERNAL`: neither may those who see only its public part;
`PLACES`: people of another organisation may not read them).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quell.kernel.actions.directory import devices as own_devices
from quell.kernel.files import store
from quell.kernel.items.models import Item
from quell.kernel.journal.models import Entry
from quell.kernel.notify.models import Notification
from quell.kernel.people.models import ApiToken, Membership, Organisation, Person, Role, RoleGrant, Team
from quell.kernel.people.tokens import issue
from quell.kernel.people.tree import create_organisation
from quell.kernel.records import drafts, outbox
from quell.kernel.records.models import Attachment, ExternalReference, Record
from quell.kernel.testing.cast import Cast, cast
from quell.practices.agreements import facade as agreements
from quell.practices.agreements.actions.revise import bump
from quell.practices.agreements.models import Agreement, Metric, Target, Version
from quell.practices.calendars import facade as calendars
from quell.practices.clocks import facade as clocks
from quell.practices.clocks.models import Clock
from quell.practices.communications import facade as communications
from quell.practices.incidents import facade
from quell.practices.incidents.models import Category
from quell.practices.servicedesk import facade as servicedesk
from quell.practices.servicedesk.actions import export as exporting
from quell.practices.tasks import facade as tasks
from quell.practices.workforce import facade as workforce
from quell.practices.worklog import facade as worklog
from tests.notify.phone import Phone

RECORD = (
    "quokkatitle", "quokkabody", "quokkareply", "quokkanote", "quokkadraft", "quokkafile", "quokkabytes",
    "quokkahiddenfile", "quokkahiddenbytes", "quokkaholdnote", "quokkaref", "quokkarelated", "quokkapriority",
    "quokkaoutgoing", "quokkaview", "quokkatask", "quokkasteps", "quokkaline", "quokkahours",
    "quokkaflu",
)  # fmt: skip
INTERNAL = (
    "quokkanote",
    "quokkadraft",
    "quokkahiddenfile",
    "quokkahiddenbytes",
    "quokkaholdnote",
    "quokkapriority",
    "quokkaoutgoing",
    "quokkatask",
    "quokkasteps",
    "quokkaline",
    "quokkahours",
    "quokkaflu",
    "human_error",
)
PLACES = (
    "quaggacrew",
    "quaggamail",
    "quaggadepth",
    "quaggatopic",
    "quaggahouse",
    "quagga someone",
    "quaggajob",
    "gungun trading",
    "quaggateam",
    "quaggaservice",
    "quaggacategory",
    "quaggaperson",
    "quaggaplace",
    "quaggatoken",
    "quaggaphone",
    "quaggaoutage",
    "quaggatemplate",
    "quaggastep",
    "quaggaskill",
    "quaggarule",
    "quaggahours",
    "quaggafeast",
    "quaggaagreement",
    "quaggapromise",
    "claire@gungun",
    "raj@gungun",
)


@dataclass
class Someone:
    """A browser and a program of one person."""

    person: Person | None
    browser: Client
    secret: str = ""

    @property
    def bearer(self) -> dict[str, str]:
        """Headers of the program."""
        return {"Authorization": f"Bearer {self.secret}"} if self.secret else {}


@dataclass
class World:
    """Who is who, what belongs to the victim, and one thing of each intruder's own."""

    cast: Cast
    alva: Person
    wanda: Person
    number: str = ""
    related: str = ""
    task: str = ""
    own: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    everybody: dict[str, Someone] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Someone:
        return self.everybody[name]


#: Who may not see the victim's incident.
INTRUDERS = ("paul", "jonas", "sam", "stella", "alva", "visitor")
#: Those of them who belong elsewhere and may not know the victim's places either.
STRANGERS = ("sam", "stella", "alva", "visitor")


def strangers() -> World:
    """The cast before anything happened, and everybody's ways in."""
    people = cast()
    alva = Person.objects.create_user("alva@elsewhere.example", "Alva", people.elsewhere)
    RoleGrant.objects.create(person=alva, role=Role.objects.get(code="administrator"), organisation=people.elsewhere)
    wanda = Person.objects.create_user("wanda@gungun.example", "Wanda", people.gungun)
    world = World(people, alva, wanda)
    world.ids["role"] = Role.objects.create(code="helpers", name="Helpers", capabilities=["records.view"]).pk
    named = {
        name: getattr(people, name) for name in ("claire", "paul", "jonas", "raj", "amira", "root", "sam", "stella")
    }
    for name, person in {**named, "alva": alva, "wanda": wanda}.items():
        client = Client(raise_request_exception=False)
        client.force_login(person)
        world.everybody[name] = Someone(person, client, issue(person, "tests")[1])
    world.everybody["visitor"] = Someone(None, Client(raise_request_exception=False))
    # A token notes its use once a minute. These have noted it for the day: else every attempt writes something.
    ApiToken.objects.update(last_used_at=datetime.now(UTC) + timedelta(days=1))
    for name in ("paul", "jonas", "sam", "stella", "alva"):
        actor = people.actor(name) if name != "alva" else _actor(alva)
        world.own[name] = facade.report(actor, {"title": f"Printer of {name}"})
    return world


def _actor(person: Person):  # type: ignore[no-untyped-def]
    from quell.kernel.access.actor import actor_for_person

    return actor_for_person(person.pk)


def victim(world: World) -> None:
    """Everything that must stay unknown."""
    people = world.cast
    team = Team.objects.create(code="quaggateam", name="Quaggacrew", organisation=people.gungun)
    place = create_organisation("quaggaplace", "Quaggahouse", people.gungun)
    service = Item.objects.create(
        item_class="service",
        code="quaggaservice",
        name="Quaggamail",
        organisation=people.gungun,
        description="Quaggadepth",
    )
    category = Category.objects.create(
        organisation=people.gungun, code="quaggacategory", path="quaggacategory", name="Quaggatopic"
    )
    person = Person.objects.create_user(
        "quaggaperson@gungun.example", "Quagga Someone", people.gungun, phone="+45 quaggaphone", job_title="Quaggajob"
    )
    grant = RoleGrant.objects.create(
        person=person, role=Role.objects.get(code="agent"), organisation=people.gungun, team=team
    )
    Membership.objects.create(person=person, team=team)
    token, secret = issue(person, "quaggatoken")
    world.everybody["absent"] = Someone(person, Client(raise_request_exception=False), secret)
    world["absent"].browser.force_login(person)
    claire, raj = people.actor("claire"), people.actor("raj")
    facts = {"description": "It says quokkabody.", "service": "quaggaservice", "category": "quaggacategory"}
    number = world.number = facade.report(claire, {"title": "The quokkatitle is red", **facts})
    world.related = facade.report(claire, {"title": "The quokkarelated is too"})
    root = people.actor("root")
    for one in (number, world.related):
        facade.act(root, "assign", one, {"team": "applications", "assignee": raj.email})
    public, hidden = _file(b"quokkabytes"), _file(b"quokkahiddenbytes")
    seen = facade.attach(raj, number, public, "quokkafile.txt")
    kept = facade.attach(raj, number, hidden, "quokkahiddenfile.txt", public=False)
    facade.act(raj, "comment", number, {"body": "We say quokkareply.", "visibility": "public", "attachments": [seen]})
    facade.act(
        raj, "comment", number, {"body": "We suspect quokkanote.", "visibility": "internal", "attachments": [kept]}
    )
    facade.act(raj, "link", number, {"to": world.related, "kind": "related_to"})
    facade.act(claire, "watch", number, {"person": "wanda@gungun.example"})
    facade.act(raj, "hold", number, {"hold_reason": "part", "note": "quokkaholdnote"})
    facade.act(root, "edit", number, {"cause_code": "human_error", "priority": 1, "priority_note": "quokkapriority"})
    record = Record.objects.get(number=number)
    ExternalReference.objects.create(record=record, system="other", reference="quokkaref")
    drafts.keep(people.raj.pk, record.pk, "internal", "quokkadraft")
    sent = facade.send(raj, number, {"body": "We shall say quokkaoutgoing."})
    said = {"title": "Quaggaoutage", "severity": "outage", "service": "quaggaservice", "publish": True}
    outage = communications.create(people.actor("mia"), {**said, "incident": world.number})
    view = servicedesk.create_view(raj, {"name": "Quokkaview", "query": "quokkatitle"})
    servicedesk.arrange(raj, "home", [view])
    batch = servicedesk.start_batch(raj, {"verb": "unwatch", "numbers": [number]})
    export = servicedesk.start_export(raj, {"query": "quokkatitle"})
    exporting.write(export)
    world.task = tasks.add(root, number, {"title": "Quokkatask", "description": "quokkasteps"})
    line = tasks.add_line(root, world.task, {"text": "quokkaline"})
    template = tasks.create_template(
        root, {"name": "Quaggatemplate", "organisation": "gungun", "lines": [{"title": "Quaggastep"}]}
    )
    tasks.act(root, "complete", world.task)
    hours = worklog.record(root, {"record": number, "seconds": 60, "note": "quokkahours"})
    now = datetime.now(UTC)
    days = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(days=1)}
    away = workforce.announce_absence(root, {"person": person.email, "kind": "sick", "note": "quokkaflu", **days})
    workforce.create_skill(root, {"code": "quaggaskill", "name": "Quaggaskill", "organisation": "gungun"})
    feast = {"code": "quaggafeast", "name": "Quaggafeast", "days": {"2026-12-24": "Quaggafeast"}}
    calendars.create_set(root, {**feast, "organisation": "gungun"})
    week = {"zone": "Europe/Copenhagen", "weekly": {"mon": [["08:00", "16:00"]]}, "holiday_sets": ["quaggafeast"]}
    calendars.create(root, {"code": "quaggahours", "name": "Quaggahours", "organisation": "gungun", **week})
    world.ids["clock"] = _clock(people, record)
    step = {"organisation": "gungun", "percent": 77, "audiences": ["quaggaperson@gungun.example"]}
    world.ids["step"] = clocks.create_step(root, step)
    rule = {"name": "Quaggarule", "team": "quaggateam", "needs": {"quaggaskill": 3}}
    workforce.put_rules(root, {"organisation": "gungun", "rules": [rule]})
    agreed = {"code": "quaggaagreement", "name": "Quaggaagreement", "kind": "ola", "team": "quaggateam"}
    agreements.create(root, {**agreed, "organisation": "gungun"})
    agreements.write(root, "quaggaagreement", {"summary": "quaggapromise"})
    said = servicedesk.create_canned(raj, {"name": "quokkacanned", "texts": {"en": "Dear {{ requester.name }}"}})
    steps = [{"verb": "comment", "inputs": {"body": "Called", "visibility": "internal"}}]
    macro = servicedesk.create_macro(raj, {"name": "quokkamacro", "steps": steps})
    away_until = datetime.now(UTC) + timedelta(days=1)
    again = servicedesk.remind(raj, {"number": number, "text": "quokkareminder", "at": away_until})
    enclosed = outbox.put_in(
        people.raj.pk, record.pk, "public", _file(b"quokkaenclosed"), "quokkaenclosed.txt", datetime.now(UTC)
    )
    told = Notification.objects.create(
        person=people.raj,
        record=record,
        entry=Entry.objects.filter(record_id=record.pk).latest("id"),
        reason="assigned",
    )
    given = Phone().gives("https://fcm.googleapis.com/fcm/send/quokkadevice")
    phone = own_devices.add_device(claire, given, mark="q" * 43, agent="Quokkaphone Firefox").pk
    world.ids |= {
        "device": phone,
        "person": person.pk, "team": team.pk, "place": place.pk, "service": service.pk, "category": category.pk,
        "tick": line, "template": template, "hours": hours,
        "outage": outage,
        "grant": grant.pk, "token": token.pk, "public": seen, "hidden": kept, "line": told.pk, "record": record.pk,
        "gungun": people.gungun.pk, "message": sent.id,
        "canned": said, "macro": macro, "reminder": again, "enclosed": enclosed,
        "view": int(view), "batch": batch, "export": export, "absence": away,
    }  # fmt: skip
    assert Attachment.objects.filter(record=record).count() == 2
    assert Organisation.objects.filter(code="quaggaplace").exists()


def _clock(people: Cast, record: Record) -> int:
    """A promise about the record, and the id of its clock."""
    made = datetime.now(UTC)
    kept = Agreement.objects.create(
        code="hidden-promise", name="Hidden promise", kind="sla", organisation=people.gungun, created_at=made
    )
    version = Version.objects.create(agreement=kept, number=1, valid_from=date(2020, 1, 1), created_at=made)
    Target.objects.create(
        version=version, position=0, metric=Metric.objects.filter(code="resolution").latest("version"),
        target_kind="duration", amount=3600, calendar="quaggahours", on_change="carry",
        on_reopen="continue", breach_rule="elapsed", warn_at=[50], goal_percent=95,
    )  # fmt: skip
    version.state, version.in_force_from, version.activated_at = "active", datetime(2020, 1, 1, tzinfo=UTC), made
    version.save()
    bump()
    clocks.give_history([record.pk])
    return Clock.objects.filter(record=record).latest("id").pk


def _file(content: bytes) -> str:
    return store.keep(SimpleUploadedFile("x.txt", content)).sha256
