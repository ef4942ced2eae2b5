"""Answers kept for repeated calls under the same idempotency key."""

from __future__ import annotations

from django.db import models


class IdempotencyKey(models.Model):
    """The first answer to a call made under a key. Written in the transaction of the action itself, so there is
    either both the change and the answer, or neither."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    location = models.CharField(max_length=300, blank=True, default="")
    answer = models.BinaryField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="actions_idempotencykey_once")]
        indexes = [models.Index(fields=["created_at"], name="actions_idempotencykey_age")]

    def __str__(self) -> str:
        return self.key
