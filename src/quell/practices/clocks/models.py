"""Tables of the clocks: which promise was chosen for a record when, and the counted rows (architecture.md 5).

A row of `Clock` is a cache: replaying the journal with the choices gives it again, exactly (`quell clocks verify`).
What has been told of it (warnings), and what people have judged of it (excluded, why it was broken), is not counted
and is kept beside.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

RECORD, PERSON = "records.Record", "people.Person"


class Choice(models.Model):
    """At this entry of the journal, this target was chosen for one clock of a record; none: nothing is promised any
    more. `policy` stands in for that of the target; `correction`: a wrong priority was put right (domain.md 5.5).
    Append-only: with the journal it is what clocks are counted from."""

    record = models.ForeignKey(RECORD, on_delete=models.CASCADE, related_name="+", db_index=False)
    entry_id = models.BigIntegerField()
    kind = models.CharField(max_length=3)
    metric = models.CharField(max_length=60)
    holder = models.CharField(max_length=20, blank=True, default="")
    target = models.ForeignKey(
        "agreements.Target", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    policy = models.CharField(max_length=20, blank=True, default="")
    correction = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "entry_id", "kind", "metric", "holder"], name="clocks_choice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.kind} {self.metric} by {self.target_id}"


class Clock(models.Model):
    """One timer instance (domain.md 5.1): the `number`-th of a record's clock for a kind of agreement, a metric and,
    where there is one for each, a holder. Amounts are open time of the target's calendar; `spent` is what had elapsed
    at `spent_at`, the last event. `calendars_as_of` is the revision of calendars it is counted by."""

    record = models.ForeignKey(RECORD, on_delete=models.CASCADE, related_name="+", db_index=False)
    organisation_id = models.BigIntegerField()
    kind = models.CharField(max_length=3)
    metric = models.CharField(max_length=60)
    holder = models.CharField(max_length=20, blank=True, default="")
    number = models.IntegerField()
    # Held by the choice it was counted from, which the database checks.
    target = models.ForeignKey(
        "agreements.Target", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    calendars_as_of = models.BigIntegerField()
    # What reports group by, as the record has it; like the organisation, kept whole by the record's own keys.
    service_id = models.BigIntegerField(null=True, blank=True)
    team_id = models.BigIntegerField(null=True, blank=True)
    priority = models.SmallIntegerField(null=True, blank=True)
    # Counted.
    state = models.CharField(max_length=10)
    outcome = models.CharField(max_length=10, blank=True, default="")
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    length = models.DurationField()
    spent = models.DurationField()
    spent_at = models.DateTimeField()
    paused = models.DurationField()
    due_at = models.DateTimeField(null=True, blank=True)
    breaches_at = models.DateTimeField(null=True, blank=True)
    warnings = models.JSONField(default=list)
    paused_until = models.DateTimeField(null=True, blank=True)
    reasons = ArrayField(models.CharField(max_length=30), default=list)
    informational = models.BooleanField(default=False)
    late_recorded = models.BooleanField(default=False)
    # Told: the highest percent, and whether the breach was.
    told = models.SmallIntegerField(default=0)
    breach_told = models.BooleanField(default=False)
    next_look_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=300, blank=True, default="")
    # Judged by people.
    breach_cause = models.CharField(max_length=30, blank=True, default="")
    excluded_because = models.CharField(max_length=500, blank=True, default="")
    judged_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    judged_at = models.DateTimeField(null=True, blank=True)
    # Proposed and decided by people; `excluded_because` is what was accepted.
    exclusion = models.CharField(max_length=10, null=True, blank=True)  # noqa: DJ001 - nothing was ever proposed
    exclusion_because = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001
    exclusion_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    exclusion_at = models.DateTimeField(null=True, blank=True)
    exclusion_word = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001
    exclusion_decided_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    exclusion_decided_at = models.DateTimeField(null=True, blank=True)
    exclusion_rule = models.CharField(max_length=10, null=True, blank=True)  # noqa: DJ001

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "kind", "metric", "holder", "number"], name="clocks_clock_once"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")), name="clocks_clock_forwards"
            ),
        ]
        indexes = [
            models.Index(fields=["next_look_at"], name="clocks_to_look_at", condition=Q(next_look_at__isnull=False)),
            models.Index(fields=["exclusion", "id"], name="clocks_excluding", condition=Q(exclusion__isnull=False)),
            models.Index(fields=["due_at"], name="clocks_running", condition=Q(stopped_at__isnull=True)),
            models.Index(
                fields=["target", "stopped_at"],
                name="clocks_finished",
                include=["outcome", "informational"],
                condition=Q(stopped_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.kind} {self.metric} {self.number}"


class EscalationStep(models.Model):
    """Who hears of it when so much of a promise has been used up (domain.md 4.2): of an organisation and below, or,
    without one, of all. Empty lists mean any. `audiences` are words of `rules/escalating.py`; `verb` with `inputs` is
    done to the record by the house."""

    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    percent = models.SmallIntegerField()
    agreement_kinds = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    metrics = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    priorities = ArrayField(models.SmallIntegerField(), default=list, blank=True)
    audiences = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    verb = models.CharField(max_length=40, blank=True, default="")
    inputs = models.JSONField(default=dict, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["percent", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__range=(1, 1000)), name="clocks_step_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"
