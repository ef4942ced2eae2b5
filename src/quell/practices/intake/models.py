"""Tables of intake: what a report form asks beyond the one line, and what was answered (ux.md 2.3)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Topic(models.Model):
    """How a category is recognised in the words of a report: `words` are words or phrases, in any language."""

    category = models.OneToOneField("incidents.Category", primary_key=True, on_delete=models.CASCADE, related_name="+")
    words = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    def __str__(self) -> str:
        return f"topic {self.category_id}"


class Question(models.Model):
    """One question about a topic, at most three. `texts` maps language codes to {"question", "choices"}; `language` is
    the one it was written in."""

    class Kind(models.TextChoices):
        TEXT = "text"
        CHOICE = "choice"
        YES_NO = "yes_no"

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="questions")
    position = models.SmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TEXT)
    required = models.BooleanField(default=False)
    language = models.CharField(max_length=12)
    texts = models.JSONField(default=dict)

    class Meta:
        ordering = ["topic_id", "position"]
        constraints = [models.UniqueConstraint(fields=["topic", "position"], name="intake_question_place")]

    def __str__(self) -> str:
        return f"question {self.position} of {self.topic_id}"


class Answers(models.Model):
    """What was answered when a record was reported: `items` of {"question", "answer", "kind", "value"}, as the person
    read them. `guess` is the path of the category the words were taken for, `confidence` how surely, 0 to 1."""

    record = models.OneToOneField("records.Record", primary_key=True, on_delete=models.CASCADE, related_name="+")
    guess = models.CharField(max_length=190, blank=True, default="")
    confidence = models.FloatField(default=0)
    items = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "answers"

    def __str__(self) -> str:
        return f"answers on {self.record_id}"
