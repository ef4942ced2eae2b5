"""The inbox: what happened that concerns a person, and why it concerns them."""

from __future__ import annotations

from django.db import models


class Notification(models.Model):
    """One line in a person's inbox, made once per person and journal entry. `emailed_at` says when it left by mail."""

    class Reason(models.TextChoices):
        REQUESTER = "requester"
        ASSIGNED = "assigned"
        TEAM = "team"
        OWNER = "owner"
        WATCHING = "watching"
        MENTIONED = "mentioned"
        ESCALATED = "escalated"
        HELD = "held"
        REMINDER = "reminder"

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    record = models.ForeignKey("records.Record", on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey("journal.Entry", on_delete=models.CASCADE, related_name="+", db_index=False)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    email_wanted = models.BooleanField(default=False)
    emailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "entry"], name="notify_notification_once")]
        indexes = [
            models.Index(fields=["person", "-id"], name="notify_notification_inbox"),
            models.Index(
                fields=["person"], name="notify_notification_unread", condition=models.Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.reason}"
