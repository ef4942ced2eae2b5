"""What is kept so that work asked for twice is done once: answers to calls, and the marks of listeners."""

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


class Heard(models.Model):
    """A listener has done its work for a line of history. Written in the transaction of that work."""

    listener = models.CharField(max_length=40)
    entry = models.ForeignKey("journal.Entry", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "listener"], name="actions_heard_once")]
        indexes = [models.Index(fields=["at"], name="actions_heard_age")]

    def __str__(self) -> str:
        return f"{self.listener}: {self.entry_id}"
