"""The inbox: what happened that concerns a person, and why it concerns them."""

from __future__ import annotations

from django.db import models


class Notification(models.Model):
    """One line in a person's inbox, made once per person and journal entry. `emailed_at` says when it left by mail,
    `digested_at` when it stood in a daily mail. What is done leaves the inbox; what is snoozed counts as read and comes
    back as new at `snoozed_until`."""

    class Reason(models.TextChoices):
        REQUESTER = "requester"
        ASSIGNED = "assigned"
        TEAM = "team"
        OWNER = "owner"
        WATCHING = "watching"
        MENTIONED = "mentioned"
        ESCALATED = "escalated"
        QUEUE = "queue"
        UNASSIGNED = "unassigned"
        HELD = "held"
        REMINDER = "reminder"
        PROMISE = "promise"
        BREACH = "breach"

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    record = models.ForeignKey("records.Record", on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey("journal.Entry", on_delete=models.CASCADE, related_name="+", db_index=False)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    email_wanted = models.BooleanField(default=False)
    emailed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    digest_wanted = models.BooleanField(default=False, db_default=False)
    digested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "entry"], name="notify_notification_once")]
        indexes = [
            models.Index(fields=["person", "-id"], name="notify_notification_inbox"),
            models.Index(
                fields=["person"], name="notify_notification_unread", condition=models.Q(read_at__isnull=True)
            ),
            models.Index(
                fields=["snoozed_until"],
                name="notify_notification_to_wake",
                condition=models.Q(snoozed_until__isnull=False),
            ),
            models.Index(
                fields=["person"],
                name="notify_notification_to_digest",
                condition=models.Q(digest_wanted=True, digested_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.reason}"


class Preference(models.Model):
    """How a person wants to hear of things, or what an organisation wants for its people: `reasons` maps a reason to
    a channel (`preferences.CHANNELS`); times of day are in the person's own zone."""

    person = models.OneToOneField("people.Person", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    organisation = models.OneToOneField(
        "people.Organisation", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    reasons = models.JSONField(default=dict, blank=True)
    quiet_from = models.CharField(max_length=5, blank=True, default="")
    quiet_to = models.CharField(max_length=5, blank=True, default="")
    digest_at = models.CharField(max_length=5, default="08:00")
    digest_due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) ^ models.Q(organisation__isnull=False),
                name="notify_preference_of_one",
            )
        ]
        indexes = [
            models.Index(
                fields=["digest_due_at"],
                name="notify_preference_to_digest",
                condition=models.Q(digest_due_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"wishes of {self.person_id or self.organisation_id}"


class Device(models.Model):
    """A browser in which somebody lets themselves be called (Web Push). `endpoint`, `key` and `secret` are what the
    browser gave (RFC 8291); `mark` is the digest of the cookie by which it is known again; `stamp` is that of the
    person's password at the time, so that a new password ends it as it ends sessions. `used_at`: last called."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=1000, unique=True)
    key = models.BinaryField()
    secret = models.BinaryField()
    mark = models.BinaryField(unique=True)
    stamp = models.CharField(max_length=128)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
