"""Tables of tasks: the task beside its record, lines to tick, and templates of both."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

PERSON = "people.Person"


class Task(models.Model):
    """What a task has beyond the record. Its parent stands on the record; `position` orders it among its siblings."""

    record = models.OneToOneField("records.Record", primary_key=True, on_delete=models.PROTECT, related_name="+")
    position = models.IntegerField(default=1)
    due_at = models.DateTimeField(null=True, blank=True)
    required = models.BooleanField(default=False)
    skip_reason = models.TextField(blank=True, default="")
    template_line = models.ForeignKey(
        "TemplateLine", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(position__gte=1), name="tasks_task_position")]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="tasks_task_due")]

    def __str__(self) -> str:
        return str(self.record_id)


class ChecklistLine(models.Model):
    """One line to tick, on a task or on any other record: who did it, and when."""

    record = models.ForeignKey("records.Record", on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.IntegerField()
    text = models.CharField(max_length=300)
    required = models.BooleanField(default=False)
    ticked_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    ticked_at = models.DateTimeField(null=True, blank=True)
    template_line = models.ForeignKey(
        "TemplateLine", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(position__gte=1), name="tasks_line_position")]
        indexes = [models.Index(fields=["record", "position"], name="tasks_line_of_record")]

    def __str__(self) -> str:
        return self.text


class Template(models.Model):
    """Tasks and lines that are added together. Without an organisation it is everybody's. `categories` are paths for
    which it is added by itself; with `required`, what is filed there is not resolved without it."""

    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, blank=True, default="")
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    categories = ArrayField(models.CharField(max_length=190), default=list, blank=True)
    required = models.BooleanField(default=False)
    trashed_at = models.DateTimeField(null=True, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name", "language"],
                nulls_distinct=False,
                condition=Q(trashed_at__isnull=True),
                name="tasks_template_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TemplateLine(models.Model):
    """One line of a template: a task with a number of its own, or a line to tick. Lines are never edited in place:
    a changed template writes new ones, so that what was made from the old ones still says where it came from."""

    class Kind(models.TextChoices):
        TASK = "task"
        CHECK = "check"

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="lines", db_index=False)
    position = models.IntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TASK)
    title = models.CharField(max_length=250)
    description = models.TextField(blank=True, default="")
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_seconds = models.IntegerField(null=True, blank=True)
    required = models.BooleanField(default=False)
    retired = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(due_seconds__isnull=True) | Q(due_seconds__gte=0), name="tasks_template_due"
            )
        ]
        indexes = [models.Index(fields=["template", "position"], name="tasks_lines_of_template")]

    def __str__(self) -> str:
        return self.title
