"""Who there is: organisations as a tree, people, teams, memberships, roles with a scope, API tokens."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower


class Organisation(models.Model):
    """A customer, a company, a department: whatever holds people and records. A tree.

    `path` holds the ids from the root down to the organisation itself, so that "this and everything
    below" is one array comparison; `place_organisation` in `tree.py` keeps it true.
    """

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = ArrayField(models.BigIntegerField(), default=list)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        indexes = [GinIndex(fields=["path"], name="people_organisation_path")]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Finds people by e-mail regardless of case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())

    def create_user(self, email: str, name: str, organisation: Organisation, **extra: Any) -> Person:
        """A person who can be addressed; without `password` they cannot sign in with one."""
        password = extra.pop("password", None)
        person = Person(email=email.strip().lower(), name=name, organisation=organisation, **extra)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):
    """A human, or an account of a program. Never deleted: deactivated, or their data shredded."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    language = models.CharField(max_length=12, blank=True, default="")
    timezone = models.CharField(max_length=60, blank=True, default="")
    theme = models.CharField(max_length=8, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    job_title = models.CharField(max_length=120, blank=True, default="")
    vip = models.BooleanField(default=False)
    #: Who stands above them, and on how much money they decide: what a hierarchical escalation climbs.
    manager = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    approval_limit = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    approval_currency = models.CharField(max_length=3, blank=True, default="", db_default="")
    is_active = models.BooleanField(default=True)
    single_key_shortcuts = models.BooleanField(default=True)
    keys = models.CharField(max_length=400, blank=True, default="")
    # "" until the first sign-in, "due" while five notes wait on the home page, "done" when they were read or closed
    tour = models.CharField(max_length=8, blank=True, default="")
    set_up_card = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()  # type: ignore[misc]

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="people_person_email_any_case"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="people_person_email_lower"),
            models.CheckConstraint(condition=~models.Q(manager=models.F("id")), name="people_person_not_own_manager"),
            models.CheckConstraint(
                condition=models.Q(approval_limit__isnull=True, approval_currency="")
                | models.Q(approval_limit__gte=0, approval_currency__regex=r"^[A-Z]{3}$"),
                name="people_person_approval",
            ),
        ]
        indexes = [models.Index(fields=["name", "id"], name="people_person_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Django asks; Quell has no second administration site, so nobody is."""
        return False


class Team(models.Model):
    """An assignment group: people who take work together."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in a team; `lead` marks those who arbitrate for it."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    lead = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "person"], name="people_membership_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.team_id}"


class Role(models.Model):
    """A named bundle of capabilities (`kernel.access.capabilities`). Roles are data and can be added."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=300, blank=True, default="")
    capabilities = ArrayField(models.CharField(max_length=60), default=list)
    shipped = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """A role held by a person, within an organisation and all below it (none: everywhere), and optionally
    narrowed to one team."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="grants")
    granted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "organisation", "team"], nulls_distinct=False, name="people_rolegrant_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role_id}"


class ApiToken(models.Model):
    """A program's way to sign in. Only the SHA-256 of the secret is kept; the secret carries 256 random bits,
    so a slow password hash would protect nothing and cost every call."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=120)
    digest = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=12, blank=True, default="")
    read_only = models.BooleanField(default=False)
    scopes = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name
