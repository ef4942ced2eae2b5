"""The last task is over: an incident that was on hold for its tasks goes on by itself (domain.md 4.2).

Tasks write their end into the history of the record they belong to, and that line is what is heard here. Whoever has
resumed, resolved or held it for another reason meanwhile was quicker.
"""

from __future__ import annotations

from contextlib import suppress

from quell.kernel.actions.listening import Heard, listen
from quell.kernel.config.refusal import Refusal
from quell.practices.incidents import facade as incidents
from quell.practices.tasks import facade as tasks


@listen("task_to_incident", "complete_task", "skip_task", kind="incident")
def go_on(heard: Heard) -> None:
    """Resume it, unless something is still to be done."""
    house = heard.actor()
    row = incidents.ticket(house, heard.number)
    if row["state"] != "on_hold" or row["hold_reason"] != "task" or tasks.any_open(row["id"]):
        return
    with suppress(Refusal):  # somebody moved it on between the look and the leap
        incidents.act(house, "resume", row["number"], version=row["version"])
