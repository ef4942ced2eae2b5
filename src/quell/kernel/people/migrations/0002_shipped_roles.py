"""The roles every instance starts with. Written out, not imported: a migration must not change with the code."""

from django.db import migrations

VIEW, WORK, LEAD = "records.view", "records.work", "records.lead"
PEOPLE, MANAGE = "people.view", "people.manage"
SETTINGS, JOBS, AUDIT = "settings.manage", "jobs.manage", "audit.view"

ROLES = [
    (
        "administrator",
        "Administrator",
        "Runs the instance: people, settings, jobs, and all work.",
        [VIEW, WORK, LEAD, PEOPLE, MANAGE, SETTINGS, JOBS, AUDIT],
    ),
    (
        "desk-lead",
        "Desk lead",
        "Leads the service desk: works on everything, arbitrates transfers.",
        [VIEW, WORK, LEAD, PEOPLE, AUDIT],
    ),
    ("agent", "Agent", "Works on records.", [VIEW, WORK, PEOPLE]),
    ("requester", "Requester", "Reports and follows their own requests.", []),
    ("auditor", "Auditor", "Reads everything in scope, changes nothing.", [VIEW, PEOPLE, AUDIT]),
]


def ship(apps, schema_editor):
    role = apps.get_model("people", "Role")
    for code, name, description, capabilities in ROLES:
        role.objects.get_or_create(
            code=code,
            defaults={"name": name, "description": description, "capabilities": capabilities, "shipped": True},
        )


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
