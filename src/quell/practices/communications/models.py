"""Tables of communications: what the desk tells many at once, who said “me too”, and how well it was done."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Announcement(models.Model):
    """Something many should know: an outage, planned maintenance, or plain news (domain.md 4.1, 4.20).

    `title` and `text` are in `language`; `translations` maps other language codes to {"title", "text"}. Without rows
    of audience it is for everybody in `organisation` and below. `effect` is what it does to the health of `service`.
    """

    class Severity(models.TextChoices):
        OUTAGE = "outage"
        MAINTENANCE = "maintenance"
        INFORMATION = "information"

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        ENDED = "ended"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    severity = models.CharField(max_length=12, choices=Severity.choices)
    effect = models.CharField(max_length=12, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=160)
    text = models.TextField(blank=True, default="")
    translations = models.JSONField(default=dict, blank=True)
    service = models.ForeignKey("items.Item", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey("records.Record", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    next_update_at = models.DateTimeField(null=True, blank=True)
    told = models.IntegerField(default=0)
    version = models.IntegerField(default=1)
    created_by = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("starts_at")),
                name="communications_announcement_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], condition=Q(state="published"), name="communications_published"),
            models.Index(fields=["-updated_at", "-id"], name="communications_by_updated"),
        ]

    def __str__(self) -> str:
        return self.title


class Audience(models.Model):
    """Whom an announcement is for: an organisation with all below it, a team, or who follows a service."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="audience")
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey("items.Item", null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "organisation", "team", "service"],
                nulls_distinct=False,
                name="communications_audience_once",
            ),
            models.CheckConstraint(
                condition=(
                    Q(organisation__isnull=False, team__isnull=True, service__isnull=True)
                    | Q(organisation__isnull=True, team__isnull=False, service__isnull=True)
                    | Q(organisation__isnull=True, team__isnull=True, service__isnull=False)
                ),
                name="communications_audience_of_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"audience of {self.announcement_id}"


class MeToo(models.Model):
    """A person who said “me too”, once, and where they belong. They hear of every update; `seen` is how many updates
    of the announcement they have read."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="joined")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seen = models.IntegerField(default=0)
    mailed = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "person"], name="communications_metoo_once")]

    def __str__(self) -> str:
        return f"{self.person_id} too"


class Dismissal(models.Model):
    """A person who has put an announcement away."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "person"], name="communications_dismissal_once")]

    def __str__(self) -> str:
        return f"{self.person_id} put {self.announcement_id} away"


class Subscription(models.Model):
    """A person who wants to hear of a service: its announcements reach them wherever they sit in the company."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey("items.Item", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "service"], name="communications_subscription_once")]

    def __str__(self) -> str:
        return f"{self.person_id} follows {self.service_id}"


class Rating(models.Model):
    """How a requester found the help they got: 1 to 5, with or without words. One per record and person."""

    record = models.ForeignKey("records.Record", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    stars = models.SmallIntegerField()
    comment = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "person"], name="communications_rating_once"),
            models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="communications_rating_stars"),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="communications_rating_by_time")]

    def __str__(self) -> str:
        return f"{self.stars} for {self.record_id}"
