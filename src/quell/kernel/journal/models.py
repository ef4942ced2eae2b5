"""The journal: append-only, the one history. Timeline, audit trail, clock replay and reports all read it."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class Entry(models.Model):
    """What was done: the verb, by whom, through which channel, what changed from what to what.

    `changes` maps a field's name to `[before, after]`; `data` carries what the verb itself said (a reason, the id
    of a reply). `public` entries are those a requester may see. A database trigger refuses UPDATE and DELETE.
    """

    record = models.ForeignKey(
        "records.Record", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    subject = models.CharField(max_length=40, blank=True, default="")
    subject_id = models.BigIntegerField(null=True, blank=True)
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    verb = models.CharField(max_length=60)
    actor = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=20, blank=True, default="")
    at = models.DateTimeField()
    public = models.BooleanField(default=False)
    changes = models.JSONField(default=dict)
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True, default="")
    version = models.IntegerField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["record", "id"], name="journal_entry_of_record", condition=models.Q(record__isnull=False)
            ),
            models.Index(
                fields=["subject", "subject_id", "id"], name="journal_entry_of_subject", condition=~models.Q(subject="")
            ),
            # What was done to people, places and settings, newest first: a handful among millions.
            models.Index(fields=["id"], name="journal_entry_of_subjects", condition=~models.Q(subject="")),
            BrinIndex(fields=["at"], name="journal_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.record_id or self.subject}"
