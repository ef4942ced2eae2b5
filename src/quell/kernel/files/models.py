"""Stored bytes, named by their digest."""

from __future__ import annotations

from django.db import models


class Blob(models.Model):
    """One file's bytes. The same bytes are stored once, whatever people call them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    content_type = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256

    @property
    def storage_name(self) -> str:
        """Where the bytes lie, below the storage's root."""
        return f"blobs/{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"
