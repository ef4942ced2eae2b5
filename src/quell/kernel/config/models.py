"""Values that administrators have set for registered options."""

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
