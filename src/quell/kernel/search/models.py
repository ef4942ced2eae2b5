"""One search document per record: what may be found, and by whom it may be read."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Document(models.Model):
    """The words of a record. `public_words` come from what the requester may read; `internal_words` from notes and
    are searched only for those who may read notes. Ids grow with the records, so newest first is a walk by key."""

    record = models.OneToOneField("records.Record", primary_key=True, on_delete=models.CASCADE, related_name="+")
    public_words = SearchVectorField()
    internal_words = SearchVectorField(null=True)

    class Meta:
        indexes = [
            GinIndex(fields=["public_words"], name="search_document_public"),
            GinIndex(
                fields=["internal_words"],
                name="search_document_internal",
                condition=models.Q(internal_words__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.record_id)
