"""Things: services first, later servers, laptops, licences. One spine and one table of typed relations."""

from __future__ import annotations

from django.db import models


class Item(models.Model):
    """A thing work happens to. Services are items too (ISO/IEC 20000-1 8.2.6)."""

    class Status(models.TextChoices):
        PLANNED = "planned"
        LIVE = "live"
        RETIRED = "retired"

    item_class = models.CharField(max_length=40)
    code = models.SlugField(max_length=60, null=True, blank=True, unique=True)
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.LIVE)
    criticality = models.SmallIntegerField(default=3)
    owner = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    description = models.TextField(blank=True, default="")
    attributes = models.JSONField(default=dict, blank=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(criticality__range=(1, 4)), name="items_item_criticality"),
        ]
        indexes = [models.Index(fields=["item_class", "organisation", "name"], name="items_item_by_class")]

    def __str__(self) -> str:
        return self.name


class Edge(models.Model):
    """A typed relation between two items, read as "source KIND target"."""

    source = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="edges_out")
    target = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="edges_in")
    kind = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="items_edge_once"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="items_edge_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
