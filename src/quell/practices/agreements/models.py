"""Tables of agreements: what was promised to whom, in versions, and the metrics it is measured by (domain.md 4.9).

A version that both sides have signed is never changed again; a trigger refuses it (migration 0002). The same holds for
a metric: changing one makes the next version of it.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    BigIntegerRangeField,
    DateTimeRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Func, Q

from .rules import codes, lifecycle

PERSON, ORGANISATION = "people.Person", "people.Organisation"


class Metric(models.Model):
    """One version of a measure: when its clock starts, stops and pauses, as conditions of `engines.conditions`.
    `kinds` are kinds of records (none: all); `pauses` maps a reason to its condition; a `recurring` one starts anew
    after each stop; `per_holder` "team" has a clock for each team that holds the record."""

    code = models.SlugField(max_length=60)
    version = models.IntegerField(default=1)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True, default="")
    kinds = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    start = models.TextField()
    stop = models.TextField()
    pauses = models.JSONField(default=dict, blank=True)
    reset = models.TextField(blank=True, default="")
    cancel = models.TextField(blank=True, default="")
    recurring = models.BooleanField(default=False)
    per_holder = models.CharField(max_length=10, blank=True, default="")
    shipped = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    created_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="agreements_metric_version"),
            models.CheckConstraint(condition=Q(per_holder__in=codes.HOLDERS), name="agreements_metric_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Agreement(models.Model):
    """Who has agreed with whom. `organisation` keeps it; `customer` is who is promised something (none: everybody of
    the organisation and below); an OLA names the team that promises, a UC the supplier."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=3)
    organisation = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(ORGANISATION, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    provider_team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    supplier = models.CharField(max_length=200, blank=True, default="")
    owner = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=codes.KINDS), name="agreements_agreement_kind"),
            # An OLA has a team, a UC a supplier, an SLA neither: what it rests on are those two.
            models.CheckConstraint(
                condition=Q(kind=codes.SLA, provider_team__isnull=True, supplier="")
                | Q(kind=codes.OLA, provider_team__isnull=False, supplier="")
                | (Q(kind=codes.UC, provider_team__isnull=True) & ~Q(supplier="")),
                name="agreements_agreement_sides",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Version(models.Model):
    """One version of an agreement. `services` are ids of items (none: all); `routes` lists, for an SLA, who works on a
    record one after the other, as codes of OLAs and UCs (none: worked out). `in_force_from` and `in_force_until` are
    the moments it holds, set when it is agreed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    state = models.CharField(max_length=12, default=lifecycle.DRAFT)
    services = ArrayField(models.BigIntegerField(), default=list, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    review_lead_days = models.IntegerField(default=30)
    apply_to_open = models.BooleanField(default=False)
    summary = models.TextField(blank=True, default="")
    exclusions = models.TextField(blank=True, default="")
    reporting = models.TextField(blank=True, default="")
    penalties = models.TextField(blank=True, default="")
    tiers = models.JSONField(default=list, blank=True)
    routes = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)
    in_force_from = models.DateTimeField(null=True, blank=True)
    in_force_until = models.DateTimeField(null=True, blank=True)
    # When it really began and ended, and why it ended early
    activated_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["agreement_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreements_version_number"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(state__in=lifecycle.OPEN), name="agreements_version_one_draft"
            ),
            models.CheckConstraint(condition=Q(state__in=list(lifecycle.AGREEMENT.states)), name="agreements_state"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="agreements_days"
            ),
            models.CheckConstraint(condition=Q(review_lead_days__range=(0, 365)), name="agreements_lead"),
            # Two versions of one agreement never hold at the same moment (an integer range stands in for equality,
            # which a plain GiST index of PostgreSQL has no operator for).
            ExclusionConstraint(
                name="agreements_version_alone",
                expressions=[
                    (
                        Func(
                            F("agreement_id"), F("agreement_id"), models.Value("[]"), function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("in_force_from"), F("in_force_until"), RangeBoundary(), function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(in_force_from__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state"], condition=Q(state__in=lifecycle.SETTLED), name="agreements_version_to_watch")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.number}"


class Target(models.Model):
    """One promise of a version: a metric, how much time in which calendar, and for what. What is empty is for any;
    `services` narrows those of the version. `target_kind` and `amount` are those of `engines.clock.terms.Target`."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="targets")
    position = models.IntegerField()
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="+")
    target_kind = models.CharField(max_length=20)
    amount = models.IntegerField()
    calendar = models.SlugField(max_length=60)
    services = ArrayField(models.BigIntegerField(), default=list, blank=True)
    priorities = ArrayField(models.SmallIntegerField(), default=list, blank=True)
    kinds = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    criticalities = ArrayField(models.SmallIntegerField(), default=list, blank=True)
    pauses_on = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    on_change = models.CharField(max_length=20)
    on_reopen = models.CharField(max_length=20)
    breach_rule = models.CharField(max_length=20)
    keep_breach = models.BooleanField(default=True)
    warn_at = ArrayField(models.IntegerField(), default=list, blank=True)
    goal_percent = models.DecimalField(max_digits=5, decimal_places=2, default=100)
    start_rule = models.CharField(max_length=10, default=codes.REPORTED)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(goal_percent__gt=0) & Q(goal_percent__lte=100), name="agreements_target_goal"
            ),
            models.CheckConstraint(condition=Q(start_rule__in=codes.START_RULES), name="agreements_target_start"),
        ]
        indexes = [models.Index(fields=["version", "position"], name="agreements_target_in_order")]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.metric_id}"


class Signature(models.Model):
    """One side has signed a version: who, when. `name` is written out, for somebody without an account too; then
    `person` is who recorded it, and `reference` says where the paper lies."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=10)
    person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=200)
    recorded = models.BooleanField(default=False)
    reference = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "side"], name="agreements_signature_once"),
            models.CheckConstraint(condition=Q(side__in=codes.SIDES), name="agreements_signature_side"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.side}"


class Revision(models.Model):
    """One row: the number of the present state of everything that choices depend on. Its lock puts those who change
    something in a row, and a sequence gives the numbers, so that one that was rolled back is never given again."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="agreements_revision_one")]

    def __str__(self) -> str:
        return str(self.number)
