"""Tables of time worked: entries, what was corrected in them, and the one timer a person may have running."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

PERSON = "people.Person"


class TimeEntry(models.Model):
    """A stretch of work of one person on one record. `seconds` is what counts; `started_at` says when it was."""

    record = models.ForeignKey("records.Record", on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    seconds = models.IntegerField()
    work_type = models.CharField(max_length=20, default="other")
    billable = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True, default="")
    source = models.CharField(max_length=10, default="manual")
    created_at = models.DateTimeField()
    corrected_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        verbose_name_plural = "time entries"
        constraints = [
            models.CheckConstraint(condition=Q(seconds__range=(1, 86_400)), name="worklog_entry_seconds"),
        ]
        indexes = [
            models.Index(fields=["record", "id"], name="worklog_of_record", condition=Q(removed_at__isnull=True)),
            models.Index(fields=["person", "started_at"], name="worklog_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.seconds} s on {self.record_id}"


class Correction(models.Model):
    """What somebody changed in an entry afterwards, and why. Never edited."""

    entry = models.ForeignKey(TimeEntry, on_delete=models.PROTECT, related_name="corrections")
    by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    changes = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"correction of {self.entry_id}"


class Timer(models.Model):
    """A clock that is running. The person is the key: nobody can have two."""

    person = models.OneToOneField(PERSON, primary_key=True, on_delete=models.CASCADE, related_name="+")
    record = models.ForeignKey("records.Record", on_delete=models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    work_type = models.CharField(max_length=20, default="other")
    billable = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True, default="")
    source = models.CharField(max_length=10, default="timer")

    def __str__(self) -> str:
        return f"{self.person_id} since {self.started_at}"
