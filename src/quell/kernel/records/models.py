"""The spine of all work, and what hangs on it: replies, notes, links, watchers, attachments, items."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast, Coalesce, Lower

from .visibility import RecordQuerySet

PERSON = settings.AUTH_USER_MODEL


class StateCategory(models.TextChoices):
    """What every practice's states boil down to; clocks, queues and reports read these."""

    NEW = "new"
    ACTIVE = "active"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"


OPEN = (StateCategory.NEW, StateCategory.ACTIVE, StateCategory.WAITING)
_OPEN = Q(state_category__in=[str(c) for c in OPEN])


class Record(models.Model):
    """Work of any kind. Practices add a table of their own with a one-to-one primary key to this one."""

    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=20)
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=250)
    description = models.TextField(blank=True, default="")
    state = models.CharField(max_length=20)
    state_category = models.CharField(max_length=10, choices=StateCategory.choices)
    priority = models.SmallIntegerField()
    requester = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    owner = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    assignee = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    team = models.ForeignKey(
        "people.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    service = models.ForeignKey(
        "items.Item", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    channel = models.CharField(max_length=20, default="api")
    opened_at = models.DateTimeField()
    responded_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # The first moment at which something promised about it falls due; kept by whoever promises (the clocks).
    due_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            # A constraint and not unique=True, which would add a second index for LIKE that nobody uses.
            models.UniqueConstraint(fields=["number"], name="records_record_number"),
            models.CheckConstraint(condition=Q(priority__range=(1, 5)), name="records_record_priority"),
            models.CheckConstraint(condition=Q(version__gte=1), name="records_record_version"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="records_record_not_own_parent"),
        ]
        indexes = [
            # One index per offered order, so that a page of a list is a short walk at any size.
            models.Index(fields=["kind", "priority", "id"], name="records_by_priority"),
            models.Index(fields=["kind", "priority", "id"], condition=_OPEN, name="records_open_by_priority"),
            models.Index(fields=["kind", "opened_at", "id"], name="records_by_opened"),
            models.Index(fields=["kind", "updated_at", "id"], name="records_by_updated"),
            models.Index(
                fields=["organisation", "kind", "priority", "id"], condition=_OPEN, name="records_open_of_org"
            ),
            models.Index(fields=["team", "priority", "id"], condition=_OPEN, name="records_open_of_team"),
            models.Index(fields=["assignee", "priority", "id"], condition=_OPEN, name="records_open_of_assignee"),
            models.Index(fields=["owner", "id"], condition=_OPEN, name="records_open_of_owner"),
            # What somebody worked on lately, and what they resolved this week: a walk from the newest change back.
            models.Index(
                fields=["assignee", "updated_at", "id"],
                condition=Q(assignee__isnull=False),
                name="records_lately_of_assignee",
            ),
            # What is due first; what nothing is promised about comes last.
            models.Index(
                "kind",
                Coalesce("due_at", Cast(Value("infinity"), models.DateTimeField())),
                "id",
                name="records_open_by_due",
                condition=_OPEN,
            ),
            models.Index(fields=["requester", "-id"], name="records_of_requester"),
            models.Index(fields=["service", "-id"], condition=Q(service__isnull=False), name="records_of_service"),
            models.Index(fields=["opened_by", "-id"], name="records_opened_by"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Still in somebody's hands: neither resolved nor closed."""
        return self.state_category in OPEN


class Message(models.Model):
    """What replies and notes have in common; not a table."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    channel = models.CharField(max_length=20, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


class Reply(Message):
    """Something said to, or by, the requester. Everybody who may see the record may read it."""

    class Meta:
        verbose_name_plural = "replies"
        indexes = [models.Index(fields=["record", "id"], name="records_reply_of_record")]

    def __str__(self) -> str:
        return f"reply {self.pk}"


class Note(Message):
    """A work note among those who work on the record. A table of its own, so that no forgotten filter can ever
    show one to a requester."""

    class Meta:
        indexes = [models.Index(fields=["record", "id"], name="records_note_of_record")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Link(models.Model):
    """A typed relation between two records, read as "source KIND target" (domain.md 3.3)."""

    source = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="links_out", db_index=False)
    target = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=40)
    created_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="records_link_once"),
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="records_link_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class Watcher(models.Model):
    """A person with whom a record is shared: sees its public part and hears of it."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="watchers", db_index=False)
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "person"], name="records_watcher_once")]

    def __str__(self) -> str:
        return f"{self.person_id} watches {self.record_id}"


class RecordItem(models.Model):
    """Which thing a record is about, and how."""

    class Relation(models.TextChoices):
        AFFECTED = "affected"
        CAUSED_BY = "caused_by"
        CHANGED = "changed"

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="record_items", db_index=False)
    item = models.ForeignKey("items.Item", on_delete=models.PROTECT, related_name="+")
    relation = models.CharField(max_length=20, choices=Relation.choices, default=Relation.AFFECTED)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "item", "relation"], name="records_item_once")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.relation} {self.item_id}"


class ExternalReference(models.Model):
    """What another system calls this record. Search finds it."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="external_references")
    system = models.CharField(max_length=60)
    reference = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "reference"], name="records_external_once")]
        indexes = [models.Index(Lower("reference"), name="records_external_any_case")]

    def __str__(self) -> str:
        return f"{self.system}:{self.reference}"


class Attachment(models.Model):
    """A file on a record. Public ones are for the requester too; internal ones hang with the notes."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="attachments")
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    public = models.BooleanField(default=True)
    reply = models.ForeignKey(Reply, null=True, blank=True, on_delete=models.PROTECT, related_name="attachments")
    note = models.ForeignKey(Note, null=True, blank=True, on_delete=models.PROTECT, related_name="attachments")
    uploaded_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(note__isnull=True) | Q(public=False), name="records_attachment_of_note")
        ]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """Text a person is still typing, kept on the server: one per person, record and mode."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+", db_index=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(max_length=10)
    body = models.TextField()
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "record", "mode"], name="records_draft_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.record_id} {self.mode}"


class Outgoing(models.Model):
    """A public message that its author has let go of and that has not gone out yet: it waits for the seconds in which
    it can be taken back, or for the time it was scheduled for.

    `steps` are the verbs that happen when it goes out, in order: `{"verb", "inputs", "text"}`, where `text` names the
    input that receives `body`. `last_seen` is the newest line of history its author had read. What goes out is done
    in one transaction with the change of `state`, so it happens once or not at all.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        HELD = "held"
        SENT = "sent"
        UNDONE = "undone"

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    steps = models.JSONField(default=list)
    channel = models.CharField(max_length=20, blank=True, default="")
    scheduled = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    last_seen = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    held_code = models.CharField(max_length=40, blank=True, default="")
    held_because = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "outgoing"
        indexes = [
            models.Index(fields=["due_at"], name="records_outgoing_due", condition=Q(state="waiting")),
            models.Index(
                fields=["record", "id"], name="records_outgoing_open", condition=Q(state__in=["waiting", "held"])
            ),
        ]

    def __str__(self) -> str:
        return f"outgoing {self.pk}"


class Enclosure(models.Model):
    """A file put into a composer and not sent yet. With the message it becomes an attachment; when the message is
    taken back, it lies in the composer again."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+", db_index=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(max_length=10)
    outgoing = models.ForeignKey(Outgoing, null=True, blank=True, on_delete=models.SET_NULL, related_name="enclosures")
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "record"], name="records_enclosure_of_person")]

    def __str__(self) -> str:
        return self.name
