"""Tables of calendars: what a calendar is called, every version of what it says, and sets of holidays (domain.md 5.1,
5.9). Versions are never changed: a clock counts by the version that held, so what it counted can be shown again."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

ORGANISATION, PERSON = "people.Organisation", "people.Person"


class HolidaySet(models.Model):
    """Dates on which the weekly hours do not hold, kept once for all calendars that use them. `source` says where they
    come from: {"kind": "country", "country", "subdivision", "language"}, {"kind": "feed", "url"}, {"kind": "hand"}.
    `looked_at` and `trouble` tell how the last look at the source went; `trouble` is a
    code of `rules.feeds.TROUBLES`, "" when all is well."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    source = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)
    looked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class HolidaySetVersion(models.Model):
    """What a set said from a moment on: `days` by date with their names, `make_up` by date the weekday whose hours
    that working day has (調休)."""

    holiday_set = models.ForeignKey(HolidaySet, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.IntegerField()
    days = models.JSONField(default=dict)
    make_up = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holiday_set", "number"], name="calendars_set_version_once")]

    def __str__(self) -> str:
        return f"{self.holiday_set_id} v{self.number}"


class Calendar(models.Model):
    """A calendar by its code, which never changes: other calendars, agreements and clocks name it."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    """What a calendar said from a moment on. Its primary key is the revision of all calendars: versions are made one
    after the other (`actions.frame.in_turn`), so whoever sees a revision sees all before it.

    `document` is the self-contained form of `engines.businesstime.reading`, holidays written in; a combination has
    `kind` and the codes of its `parts` instead. `spec` is what a person edits."""

    WEEKLY, UNION, INTERSECTION = "weekly", "union", "intersection"

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.IntegerField()
    kind = models.CharField(max_length=12, default=WEEKLY)
    document = models.JSONField(default=dict)
    parts = ArrayField(models.SlugField(max_length=60), default=list)
    spec = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField()
    closed_too = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="calendars_version_once"),
            models.CheckConstraint(
                condition=Q(kind="weekly", parts=[]) | (Q(kind__in=("union", "intersection")) & ~Q(parts=[])),
                name="calendars_version_kind",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="calendars_version_number"),
        ]
        # The newest version of each calendar up to a revision is one walk along this.
        indexes = [models.Index(fields=["calendar", "-id"], name="calendars_version_newest")]

    def __str__(self) -> str:
        return f"{self.calendar_id} v{self.number}"
