"""The metrics every instance starts with (domain.md 5.2). Written out, not imported: a migration must not change with
the code."""

from datetime import UTC, datetime

from django.db import migrations

OPEN = "state_category:new,active,waiting"
DONE = "state_category:resolved,closed"
HELD = "state:on_hold hold_reason:"
REASONS = ("requester", "supplier", "problem", "change", "part", "scheduled", "task")
PAUSES = {reason: HELD + reason for reason in REASONS}

# code, name, description, kinds, start, stop, pauses, cancel, recurring, per holder
METRICS = [
    (
        "assignment", "Assignment", "From the report until a team or a person has it.",
        [], OPEN, f"team!=none or assignee!=none or {DONE}", {}, "state:cancelled", False, "",
    ),
    (
        "response", "First response", "From the report until somebody of the desk answers or begins.",
        [], OPEN, f"responded:true or {DONE}", {}, "state:cancelled", False, "",
    ),
    (
        "update", "Next update", "From each answer of the desk until its next one, while the record is open.",
        [], f"responded:true {OPEN}", f"said:reply_by_desk or {DONE}", PAUSES, "state:cancelled", True, "",
    ),
    (
        "resolution", "Resolution", "From the report until it is resolved.",
        [], OPEN, DONE, PAUSES, "state:cancelled", False, "",
    ),
    (
        "fulfilment", "Fulfilment", "From the last approval until everything is delivered.",
        ["request"], "state:approved,in_fulfilment,waiting", DONE, PAUSES, "state:rejected,cancelled", False, "",
    ),
    (
        "approval", "Approval", "How long somebody lets others wait for a decision.",
        [], "state:awaiting_approval", "state!=awaiting_approval", {}, "state:cancelled", True, "",
    ),
    (
        "supplier", "Supplier", "While a supplier has it: from handing it over until it comes back.",
        [], "state:on_hold hold_reason:supplier", "state!=on_hold or hold_reason!=supplier", {}, "state:cancelled",
        True, "",
    ),
    (
        "handling", "Handling by a team", "While a team has it, until it is resolved; paused while others have it.",
        [], OPEN, DONE, PAUSES, "state:cancelled", False, "team",
    ),
    (
        "acceptance", "Acceptance", "From passing it on until the receiver accepts it, begins or sends it back.",
        [], f"verb:transfer,escalate {OPEN}", f"verb:accept,return,assign,start,hold or {DONE}", {},
        "state:cancelled", True, "",
    ),
]  # fmt: skip


def ship(apps, schema_editor):
    metric = apps.get_model("agreements", "Metric")
    for code, name, description, kinds, start, stop, pauses, cancel, recurring, per_holder in METRICS:
        metric.objects.create(
            code=code, name=name, description=description, kinds=kinds, start=start, stop=stop, pauses=pauses,
            cancel=cancel, recurring=recurring, per_holder=per_holder, shipped=True,
            created_at=datetime(2026, 11, 21, tzinfo=UTC),
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_never_changed")]

    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
