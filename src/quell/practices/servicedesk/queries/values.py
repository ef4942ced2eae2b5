"""The values of variables for one record, as its reader may know them."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql
from quell.kernel.config.refusal import NotFound
from quell.kernel.people.speaking import language_of
from quell.kernel.records.visibility import internal_sql, visible_sql

from ..rules.variables import first_name

_FACTS = """
SELECT r.id, r.number, r.kind, r.title, r.priority, r.opened_at, r.organisation_id, o.name, t.name, s.name,
  rq.name, rq.email, rq.phone, rq.language, rq.organisation_id, ag.phone
FROM records_record r JOIN people_organisation o ON o.id = r.organisation_id
JOIN people_person rq ON rq.id = r.requester_id
LEFT JOIN people_team t ON t.id = r.team_id LEFT JOIN items_item s ON s.id = r.service_id
LEFT JOIN people_person ag ON ag.id = %(me)s
WHERE r.number = %(number)s AND {visible} AND {internal}
"""


class Facts:
    """What variables say about one record, and in which language its requester reads."""

    def __init__(self, actor: Actor, row: tuple[object, ...], now: datetime) -> None:
        (self.record_id, self.number, self.kind, title, priority, opened_at, self.organisation_id, organisation, team,
         service, name, email, phone, language, theirs, own_phone) = row  # fmt: skip
        self.language = language_of(str(language or ""), theirs if isinstance(theirs, int) else None)
        self._opened, self._now = opened_at, now
        self._values = {
            "requester.first_name": first_name(str(name)),
            "requester.name": str(name),
            "requester.email": str(email),
            "requester.phone": str(phone or ""),
            "agent.first_name": first_name(actor.name),
            "agent.name": actor.name,
            "agent.email": actor.email,
            "agent.phone": str(own_phone or ""),
            "number": str(self.number),
            "title": str(title),
            "service": str(service or ""),
            "team": str(team or ""),
            "organisation": str(organisation),
            "priority": f"P{priority}",
            "url": f"{settings.PUBLIC_URL}/incidents/{self.number}",
        }

    def values(self, language: str) -> dict[str, str]:
        """Every variable's value, dates as they are written in `language`."""
        with translation.override(language or settings.LANGUAGE_CODE):
            return {
                **self._values,
                "opened_on": self._day(self._opened),
                "today": self._day(self._now),
            }

    def _day(self, at: object) -> str:
        if not isinstance(at, datetime):
            return ""
        local: date = timezone.localtime(at).date()
        return date_format(local, "DATE_FORMAT")


def facts(actor: Actor, number: str, now: datetime) -> Facts:
    """The facts of a record whose internal part the actor may read; raises NotFound for others."""
    visible, seen = visible_sql(actor)
    internal, more = internal_sql(actor)
    row = sql.row(
        _FACTS.replace("{visible}", visible).replace("{internal}", internal),
        {**seen, **more, "number": number.upper(), "me": actor.person_id},
    )
    if row is None:
        raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    return Facts(actor, row, now)


def made_up(actor: Actor, language: str, now: datetime) -> dict[str, str]:
    """Values of nobody's record, for looking at a text while it is written."""
    row = (0, "INC-001042", "incident", _("Mail is slow"), 3, now, 0, _("Sample company"), _("Service desk"), _("Mail"),
           "Claire Martin", "claire@sample.example", "+45 00 00 00 00", language, None, "+45 00 00 00 01")  # fmt: skip
    return Facts(actor, row, now).values(language)
