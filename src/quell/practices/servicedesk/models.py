"""What the people of the desk keep for their own work: saved views of lists, and how each likes them arranged."""

from __future__ import annotations

from django.db import models


class View(models.Model):
    """A saved view: a query (docs/reference/query-language.md) with the look of its list.

    A personal view has only its person, a team's view its team, an organisation's view its organisation; `person` is
    always who made it. `columns` empty means the usual ones, `density` empty follows the reader's own choice.
    `trashed_at` set means it lies in the trash, from where it can be taken back.
    """

    class Reach(models.TextChoices):
        PERSONAL = "personal"
        TEAM = "team"
        ORGANISATION = "organisation"

    name = models.CharField(max_length=80)
    reach = models.CharField(max_length=12, choices=Reach.choices, default=Reach.PERSONAL)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    query = models.CharField(max_length=2000, blank=True, default="")
    sort = models.CharField(max_length=40, default="priority")
    columns = models.JSONField(default=list)
    density = models.CharField(max_length=10, blank=True, default="")
    layout = models.CharField(max_length=10, default="table")
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    trashed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="servicedesk_view_reach",
                condition=models.Q(reach="personal", team=None, organisation=None)
                | models.Q(reach="team", team__isnull=False, organisation=None)
                | models.Q(reach="organisation", team=None, organisation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Arrangement(models.Model):
    """Which views a person has pinned beside the queue, or laid as cards on their home page, in their order.

    `views` holds the keys of views: the code of a shipped one, the id of a saved one as text. What has been deleted or
    withdrawn since is passed over when read.
    """

    class Place(models.TextChoices):
        QUEUE = "queue"
        HOME = "home"

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    place = models.CharField(max_length=10, choices=Place.choices)
    views = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "place"], name="servicedesk_arrangement_once")]

    def __str__(self) -> str:
        return f"{self.place} of {self.person_id}"
