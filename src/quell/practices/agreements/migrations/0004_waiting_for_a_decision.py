"""What waits for a decision has a clock of its own, and every metric that pauses knows the reason. A metric is changed
by its next version; one that somebody has changed since is left as they wrote it."""

from datetime import UTC, datetime

from django.db import migrations
from django.db.models import Max

REASON = "approval"
HELD = f"state:on_hold hold_reason:{REASON}"
PAUSING = ("update", "resolution", "fulfilment", "handling")
START = f"state:awaiting_approval or ({HELD})"
STOP = f"state!=awaiting_approval (state!=on_hold or hold_reason!={REASON})"
ALIKE = ("code", "name", "description", "kinds", "start", "stop", "pauses", "reset", "cancel", "recurring",
         "per_holder")  # fmt: skip
#: Choices may come out otherwise from now on (actions.revise).
REVISE = """
INSERT INTO agreements_revision (id, number) VALUES (1, nextval('agreements_revision_number'))
ON CONFLICT (id) DO UPDATE SET number = nextval('agreements_revision_number')
"""


def ship(apps, schema_editor):
    metric = apps.get_model("agreements", "Metric")
    newest = dict(metric.objects.values_list("code").annotate(Max("version")))
    for code in ("approval", *PAUSING):
        row = metric.objects.filter(code=code, version=newest.get(code), shipped=True, active=True).first()
        if row is None:
            continue
        facts = {name: getattr(row, name) for name in ALIKE}
        if code == "approval":
            facts |= {"start": START, "stop": STOP}
        else:
            facts["pauses"] = {**row.pauses, REASON: HELD}
        metric.objects.create(
            **facts, version=row.version + 1, shipped=True, created_at=datetime(2026, 11, 21, tzinfo=UTC)
        )


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_shipped_metrics")]

    operations = [migrations.RunPython(ship, migrations.RunPython.noop), migrations.RunSQL(REVISE, "")]
