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


class Prepared(models.Model):
    """What canned replies and macros have in common; not a table. For whom it is stands in `reach` as for a view;
    `person` is always who made it."""

    name = models.CharField(max_length=80)
    folder = models.CharField(max_length=60, blank=True, default="")
    reach = models.CharField(max_length=12, choices=View.Reach.choices, default=View.Reach.PERSONAL)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    uses = models.IntegerField(default=0)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    trashed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_reach",
                condition=models.Q(reach="personal", team=None, organisation=None)
                | models.Q(reach="team", team__isnull=False, organisation=None)
                | models.Q(reach="organisation", team=None, organisation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CannedReply(Prepared):
    """A text ready to be put into a reply or a note: `texts` maps a language's code to the text, which may use
    variables (rules/variables.py)."""

    texts = models.JSONField(default=dict)

    class Meta(Prepared.Meta):
        verbose_name_plural = "canned replies"


class Macro(Prepared):
    """Several verbs done in one go to a record of `kind`; `steps` as in rules/macro_steps.py."""

    kind = models.CharField(max_length=20, default="incident")
    steps = models.JSONField(default=list)

    class Meta(Prepared.Meta):
        pass


class Reminder(models.Model):
    """A person wants to hear of a record again: at `due_at`, or as soon as its requester answers (`until_answer`).

    A `snooze` also takes the record out of that person's own lists until then. `told_at` is set when its time has
    come, `woken_by` says what ended the wait, `done_at` that the person is finished with it.
    """

    class Woken(models.TextChoices):
        NOT_YET = ""
        TIME = "time"
        ANSWER = "answer"

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    record = models.ForeignKey("records.Record", on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=500, blank=True, default="")
    due_at = models.DateTimeField()
    snooze = models.BooleanField(default=False)
    until_answer = models.BooleanField(default=False)
    woken_by = models.CharField(max_length=8, choices=Woken.choices, blank=True, default=Woken.NOT_YET)
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "record"],
                condition=models.Q(snooze=True, told_at=None, done_at=None),
                name="servicedesk_reminder_one_snooze",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="servicedesk_reminder_due", condition=models.Q(told_at=None, done_at=None)
            ),
            models.Index(fields=["person", "due_at"], name="servicedesk_reminder_of", condition=models.Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} about {self.record_id}"


class Batch(models.Model):
    """One verb done to many records, each by itself. `done` and `refused` grow while it runs; every entry of `done`
    carries the version it left and the steps that take it back, so that the whole can be undone for a while."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    verb = models.CharField(max_length=40)
    inputs = models.JSONField(default=dict)
    numbers = models.JSONField(default=list)
    done = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    taken_back = models.IntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return f"{self.verb} of {len(self.numbers)}"


class Export(models.Model):
    """A list written to a file for one person: what was asked, how far it is, and where the bytes are."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    parameters = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    format = models.CharField(max_length=4)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    fault = models.CharField(max_length=300, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="servicedesk_export_of")]

    def __str__(self) -> str:
        return f"{self.kind} as {self.format}"
