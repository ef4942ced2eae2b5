"""Who runs an instance looks after its agreements too; other roles are given the capability by hand."""

from django.db import migrations

CAPABILITY = "agreements.manage"


def give(apps, schema_editor):
    for role in apps.get_model("people", "Role").objects.filter(code="administrator", shipped=True):
        if CAPABILITY not in role.capabilities:
            role.capabilities = [*role.capabilities, CAPABILITY]
            role.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [("people", "0004_person_guidance")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
