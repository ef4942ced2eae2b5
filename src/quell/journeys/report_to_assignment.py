"""From a report to somebody who works on it: what nobody gave to anybody is given out by the rules (domain.md 4.1).

A report that came without team and assignee is put before the rules of its organisation as soon as it is there, and
again when its facts change while it still lies in the common queue. What made the rules choose stands in its history.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from quell.kernel.actions.listening import Heard, listen
from quell.kernel.config.refusal import Refusal
from quell.practices.incidents import facade as incidents
from quell.practices.workforce import facade as workforce


@listen("report_to_assignment", "open", "edit", kind="incident")
def give_out(heard: Heard) -> None:
    """Give the incident to whom the rules choose, unless a person was quicker."""
    if not workforce.rules_in_force(heard.organisation_id):
        return
    house = heard.actor()
    row = incidents.ticket(house, heard.number)
    if row["state"] != "new" or row["team_id"] is not None or row["assignee_id"] is not None:
        return
    decision = workforce.give_out(row, datetime.now(UTC))
    if decision is None or decision.rule is None:
        return
    with suppress(Refusal):  # closed, or taken, between the look and the leap
        incidents.place(
            row["number"],
            team=decision.team_code,
            assignee=decision.person_email,
            why=decision.said(),
            by=house,
            version=row["version"],
        )
