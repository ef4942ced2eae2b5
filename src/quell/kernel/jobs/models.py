"""Why a job failed: the job library keeps that it did, not why."""

from __future__ import annotations

from django.db import models


class Failure(models.Model):
    """The latest failure of a job. `job_id` is the library's; the line goes when the job does."""

    job_id = models.BigIntegerField(primary_key=True)
    attempt = models.IntegerField()
    sentence = models.CharField(max_length=500)
    trace = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sentence
