"""Tables of incident management: the incident, its categories and the priority matrix (domain.md 4.2)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Category(models.Model):
    """What an incident is about, as a tree at most three deep. `path` is the codes from the root, `network/switch`.

    Categories without an organisation are everybody's; an organisation may add its own.
    """

    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    code = models.SlugField(max_length=60)
    path = models.CharField(max_length=190)
    name = models.CharField(max_length=120)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "path"], nulls_distinct=False, name="incidents_category_once"
            )
        ]

    def __str__(self) -> str:
        return self.path


class PriorityMatrix(models.Model):
    """Impact × urgency → priority, as data. Never edited: a change is a new version, and each incident keeps which
    version decided. `cells[i][u]` is the priority for impact i+1 and urgency u+1."""

    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.IntegerField()
    cells = models.JSONField()
    created_by = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "version"], nulls_distinct=False, name="incidents_matrix_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"matrix {self.version}"


class Incident(models.Model):
    """What an incident has beyond the record: the facts of restoring a service."""

    record = models.OneToOneField("records.Record", primary_key=True, on_delete=models.PROTECT, related_name="+")
    impact = models.SmallIntegerField()
    urgency = models.SmallIntegerField()
    priority_source = models.CharField(max_length=10, default="matrix")
    priority_note = models.CharField(max_length=300, blank=True, default="")
    matrix = models.ForeignKey(
        PriorityMatrix, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    affected_users = models.IntegerField(default=1)
    hold_reason = models.CharField(max_length=20, blank=True, default="")
    resume_at = models.DateTimeField(null=True, blank=True)
    resolution_code = models.CharField(max_length=30, blank=True, default="")
    resolution = models.TextField(blank=True, default="")
    cause_code = models.CharField(max_length=30, blank=True, default="")
    close_due_at = models.DateTimeField(null=True, blank=True)
    transfer_count = models.IntegerField(default=0)
    reopen_count = models.IntegerField(default=0)
    escalation_level = models.SmallIntegerField(default=0)
    major = models.BooleanField(default=False)
    routing_dispute = models.BooleanField(default=False, db_default=False)
    #: The hand-over that waits for an answer.
    handover = models.OneToOneField(
        "incidents.Handover", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: When the leads are told that nobody holds it, and how often they have been.
    alarm_due_at = models.DateTimeField(null=True, blank=True)
    alarm_step = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(impact__range=(1, 4)), name="incidents_incident_impact"),
            models.CheckConstraint(condition=Q(urgency__range=(1, 4)), name="incidents_incident_urgency"),
            models.CheckConstraint(condition=Q(transfer_count__gte=0), name="incidents_incident_transfers"),
            models.CheckConstraint(condition=Q(reopen_count__gte=0), name="incidents_incident_reopens"),
            models.CheckConstraint(condition=Q(affected_users__gte=0), name="incidents_incident_users"),
        ]
        indexes = [
            models.Index(fields=["resume_at"], condition=Q(resume_at__isnull=False), name="incidents_to_resume"),
            models.Index(fields=["close_due_at"], condition=Q(close_due_at__isnull=False), name="incidents_to_close"),
            models.Index(fields=["category"], name="incidents_of_category"),
            models.Index(fields=["alarm_due_at"], condition=Q(alarm_due_at__isnull=False), name="incidents_to_alarm"),
        ]

    def __str__(self) -> str:
        return str(self.record_id)


class Handover(models.Model):
    """Work handed from one team or person to another, and what became of it: accepted, returned, or lapsed because
    something else happened first. `quick` ones were given back so soon that they are no work of the receiver
    (domain.md 4.1)."""

    class State(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        RETURNED = "returned"
        LAPSED = "lapsed"

    record = models.ForeignKey("records.Record", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    by = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    from_team = models.ForeignKey(
        "people.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    from_person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_team = models.ForeignKey(
        "people.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason_code = models.CharField(max_length=40, blank=True, default="")
    reason = models.CharField(max_length=2000, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    return_reason = models.CharField(max_length=2000, blank=True, default="")
    quick = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["record", "id"], name="incidents_handover_of_record")]
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(state="pending"), name="incidents_handover_one_pending"
            ),
        ]

    def __str__(self) -> str:
        return f"handover {self.pk}"


class Escalation(models.Model):
    """A call for more skill or more authority (domain.md 4.2). Those that have not ended stand on each other: ending
    the last goes back to `level` - 1, and to the team and person it came from. `people` are the ids of those called by
    a hierarchical one; `amount` with `currency` is what has to be decided about."""

    class Ending(models.TextChoices):
        RETURNED = "returned"
        TAKEN_BACK = "taken_back"

    record = models.ForeignKey("records.Record", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    by = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=12)
    level = models.SmallIntegerField()
    handover = models.OneToOneField(
        Handover, null=True, blank=True, on_delete=models.PROTECT, related_name="escalation"
    )
    people = ArrayField(models.BigIntegerField(), default=list, blank=True)
    authority = models.CharField(max_length=12, blank=True, default="")
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    ending = models.CharField(max_length=12, choices=Ending.choices, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["record", "id"], name="incidents_escalation_of_record")]

    def __str__(self) -> str:
        return f"escalation {self.pk}"


class Merge(models.Model):
    """An incident that became a part of another, with all that undoing it needs: what the incident was before, who was
    to follow the other and who was added for it, and what moved. A snapshot, and so plain values."""

    source = models.ForeignKey("records.Record", on_delete=models.PROTECT, related_name="+", db_index=False)
    target = models.ForeignKey("records.Record", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    before = models.JSONField(default=dict)
    followers = models.JSONField(default=list)
    added = models.JSONField(default=list)
    moved = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(undone_at__isnull=True), name="incidents_merged_once"
            ),
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="incidents_merge_not_into_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} into {self.target_id}"
