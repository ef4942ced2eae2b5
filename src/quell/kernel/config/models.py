"""Values that administrators have set for registered options, and how far the first set-up is."""

from django.db import models


class OptionValue(models.Model):
    """The value of one option, for one organisation or (organisation empty) for the whole instance."""

    key = models.CharField(max_length=120)
    organisation_id = models.BigIntegerField(null=True, blank=True)
    value = models.JSONField()
    changed_by_id = models.BigIntegerField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "organisation_id"], nulls_distinct=False, name="config_optionvalue_once"
            )
        ]

    def __str__(self) -> str:
        return self.key


class SetUpStep(models.Model):
    """How far one step of the first set-up is (kernel/actions/set_up.py); `facts` is what the step keeps for later."""

    step = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=8, blank=True, default="")
    facts = models.JSONField(default=dict)
    changed_by_id = models.BigIntegerField(null=True, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.step
