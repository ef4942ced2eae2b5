"""Giving a report out by the rules: the decision, and whose turn it was, in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from quell.kernel.config import sql

from ..models import Rule, Turn
from ..queries.choice import Decision, decide, rules_for
from ..rules.matching import Case


def give_out(case: Case, now: datetime) -> Decision:
    """Decide, and write down whose turn it was and that the rule has fired. Two reports at once are decided one after
    the other for a team, so that turns and loads are true. Belongs to the caller's transaction."""
    with transaction.atomic():
        rules = rules_for(case.organisation_id)
        teams = sorted({rule.team_id for rule in rules if rule.team_id is not None})
        sql.rows("SELECT 1 FROM people_team WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [teams])
        decision = decide(case, now, rules)
        if decision.rule is not None:
            Rule.objects.filter(pk=decision.rule.pk).update(fired=F("fired") + 1, fired_at=now)
        if decision.person_id is not None:
            Turn.objects.update_or_create(person_id=decision.person_id, defaults={"given_at": now})
    return decision
