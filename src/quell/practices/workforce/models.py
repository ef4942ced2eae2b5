"""Tables of the workforce: who can do what, who is here, and by which rules work is given out (domain.md 4.1, 4.21)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

PERSON = "people.Person"


class Skill(models.Model):
    """Something people can be good at. Without an organisation it is everybody's."""

    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Competence(models.Model):
    """How well a person knows a skill: 1 (has heard of it) to 5 (others ask them); no row is 0."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+", db_index=False)
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    level = models.SmallIntegerField()
    certified_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "skill"], name="workforce_competence_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="workforce_competence_level"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.skill_id} {self.level}"


class Availability(models.Model):
    """When and how much a person takes. `hours` is a week as in `engines.presence`, in `zone` (empty: the person's
    own zone); `capacity` None follows the setting; `taking_work` is the person's own switch, off until `back_at` or for
    good."""

    person = models.OneToOneField(PERSON, primary_key=True, on_delete=models.CASCADE, related_name="+")
    hours = models.JSONField(default=dict, blank=True)
    zone = models.CharField(max_length=60, blank=True, default="")
    capacity = models.IntegerField(null=True, blank=True)
    taking_work = models.BooleanField(default=True)
    back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__range=(0, 500)), name="workforce_capacity"
            )
        ]

    def __str__(self) -> str:
        return f"availability of {self.person_id}"


class Absence(models.Model):
    """A person is not here from `starts_at` to `ends_at`. `hands_over` says what the substitute gets when it begins:
    nothing, the open work, or the work and what the person owns. `settled_at`: that has been done (or called off)."""

    class Kind(models.TextChoices):
        LEAVE = "leave"
        SICK = "sick"
        TRAINING = "training"
        ELSEWHERE = "elsewhere"

    class HandsOver(models.TextChoices):
        NOTHING = "nothing"
        WORK = "work"
        OWNERSHIP = "ownership"

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.LEAVE)
    substitute = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    hands_over = models.CharField(max_length=12, choices=HandsOver.choices, default=HandsOver.NOTHING)
    note = models.CharField(max_length=300, blank=True, default="")
    created_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="workforce_absence_order"),
            models.CheckConstraint(condition=~Q(person=F("substitute")), name="workforce_absence_not_for_oneself"),
        ]
        indexes = [
            models.Index(fields=["person", "ends_at"], name="workforce_absence_of_person"),
            models.Index(fields=["ends_at", "id"], name="workforce_absence_by_end"),
            models.Index(
                fields=["starts_at"],
                condition=Q(settled_at__isnull=True) & ~Q(hands_over="nothing"),
                name="workforce_absence_to_settle",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} away {self.starts_at:%Y-%m-%d}"


class Rule(models.Model):
    """One rule of assignment, tried in the order of `position`; the first whose conditions all hold decides.

    `conditions` maps a fact to the values that satisfy it (`rules.matching`); `needs` maps codes of skills to levels.
    """

    organisation = models.ForeignKey("people.Organisation", on_delete=models.CASCADE, related_name="+")
    position = models.IntegerField()
    name = models.CharField(max_length=120)
    active = models.BooleanField(default=True)
    conditions = models.JSONField(default=dict, blank=True)
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    policy = models.CharField(max_length=20)
    person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    needs = models.JSONField(default=dict, blank=True)
    fired = models.IntegerField(default=0)
    fired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["organisation", "position", "id"], name="workforce_rule_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(team__isnull=False) | Q(person__isnull=False), name="workforce_rule_leads_somewhere"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Turn(models.Model):
    """When a rule last gave a person something: whose turn it is."""

    person = models.OneToOneField(PERSON, primary_key=True, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"turn of {self.person_id}"
