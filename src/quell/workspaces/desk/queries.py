"""What the desk's pages read beside incidents themselves: counters, the side pane, figures of the week.

Each page asks once: counters come in one statement, and so does everything the side pane shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.config import sql
from quell.kernel.records.visibility import visible_sql
from quell.practices.servicedesk import facade as prepared

#: Counters stop here: "1,000+" says enough, and counting further costs a walk.
COUNTED = 1000
_OPEN = "r.kind = 'incident' AND r.state_category IN ('new', 'active', 'waiting')"
_TEAMS = "r.team_id = ANY(ARRAY(SELECT team_id FROM people_membership WHERE person_id = %(me)s))"


def _bounded(rule: str, visible: str) -> str:
    some = f"SELECT 1 FROM records_record r WHERE {rule} AND {visible} LIMIT {COUNTED + 1}"  # noqa: S608
    return f"(SELECT count(*) FROM ({some}) bounded)"  # noqa: S608


def counters(actor: Actor) -> dict[str, int]:
    """How many are open, unassigned, mine, my teams', on hold, and overdue or due within two hours (each up to COUNTED
    + 1), unread lines, and follow-ups whose time has come."""
    visible, values = visible_sql(actor)
    rules = {
        "open": _OPEN,
        "unassigned": f"{_OPEN} AND r.assignee_id IS NULL",
        "mine": f"{_OPEN} AND r.assignee_id = %(me)s",
        "teams": f"{_OPEN} AND {_TEAMS}",
        "on_hold": f"{_OPEN} AND r.state_category = 'waiting'",
        "breaching": f"{_OPEN} AND r.due_at < now() + interval '2 hours'",
    }
    columns = ", ".join(f"{_bounded(rule, visible)} AS {name}" for name, rule in rules.items())
    lines = "SELECT 1 FROM notify_notification WHERE person_id = %(me)s AND read_at IS NULL LIMIT 100"
    unread = f"(SELECT count(*) FROM ({lines}) n)"  # noqa: S608
    due = f"({prepared.DUE_COUNT})"
    return sql.dicts(f"SELECT {columns}, {unread} AS unread, {due} AS follow_ups", {**values, "me": actor.person_id})[0]


_SIDE = """
SELECT
  (SELECT jsonb_build_object('id', p.id, 'name', p.name, 'email', p.email, 'phone', p.phone, 'vip', p.vip,
     'job_title', p.job_title, 'organisation', o.name)
   FROM people_person p JOIN people_organisation o ON o.id = p.organisation_id WHERE p.id = %(requester)s) AS requester,
  (SELECT jsonb_agg(f) FROM (SELECT r.number, r.title, r.state, r.state_category AS category, r.priority
     FROM records_record r WHERE r.requester_id = %(requester)s AND r.kind = 'incident' AND r.id <> %(record)s
     AND r.state_category IN ('new', 'active', 'waiting') AND {visible} ORDER BY r.id DESC LIMIT 6) f) AS others,
  (SELECT jsonb_agg(jsonb_build_object('name', p.name, 'email', p.email, 'id', p.id) ORDER BY p.name)
   FROM records_watcher w JOIN people_person p ON p.id = w.person_id WHERE w.record_id = %(record)s) AS watchers,
  (SELECT jsonb_agg(f) FROM (SELECT r.number, r.title, r.state, r.state_category AS category, r.priority
     FROM records_record r WHERE r.parent_id = %(record)s AND r.kind = 'incident' AND {visible}
     ORDER BY r.id LIMIT 50) f) AS children,
  (SELECT jsonb_build_object('number', r.number, 'title', r.title, 'state', r.state, 'category', r.state_category,
     'priority', r.priority)
   FROM records_record r
   WHERE r.id = (SELECT parent_id FROM records_record WHERE id = %(record)s) AND {visible}) AS parent,
  (SELECT jsonb_agg(f) FROM (SELECT l.kind, l.source_id = %(record)s AS outward, r.number, r.title, r.state,
     r.state_category AS category, r.priority
     FROM records_link l JOIN records_record r
       ON r.id = CASE WHEN l.source_id = %(record)s THEN l.target_id ELSE l.source_id END
     WHERE (l.source_id = %(record)s OR l.target_id = %(record)s) AND l.kind <> 'child_of' AND {visible}
     ORDER BY l.id LIMIT 50) f) AS links,
  (SELECT jsonb_agg(jsonb_build_object('system', x.system, 'reference', x.reference) ORDER BY x.id)
   FROM records_externalreference x WHERE x.record_id = %(record)s) AS references,
  (SELECT jsonb_build_array(count(*) FILTER (WHERE r.state_category = 'closed'), count(*))
   FROM records_record r WHERE r.parent_id = %(record)s AND r.kind = 'task') AS tasks,
  (SELECT jsonb_object_agg(d.mode,
     jsonb_build_object('body', d.body, 'at', (extract(epoch FROM d.saved_at) * 1000)::bigint))
   FROM records_draft d WHERE d.record_id = %(record)s AND d.person_id = %(me)s) AS drafts,
  EXISTS (SELECT 1 FROM notify_notification n
   WHERE n.person_id = %(me)s AND n.read_at IS NULL AND n.record_id = %(record)s) AS unread,
  (SELECT min(n.entry_id) FROM notify_notification n JOIN journal_entry e ON e.id = n.entry_id
   WHERE n.person_id = %(me)s AND n.read_at IS NULL AND n.record_id = %(record)s
     AND e.record_id = %(record)s) AS first_unread,
  (SELECT jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'size', b.size, 'content_type', b.content_type,
     'mode', f.mode) ORDER BY f.id)
   FROM records_enclosure f JOIN files_blob b ON b.sha256 = f.blob_id
   WHERE f.person_id = %(me)s AND f.record_id = %(record)s AND f.outgoing_id IS NULL) AS enclosures,
  (SELECT jsonb_agg(jsonb_build_object('id', g.id, 'author_id', g.author_id, 'author', p.name, 'body', g.body,
     'steps', g.steps, 'due', (extract(epoch FROM g.due_at) * 1000)::bigint, 'scheduled', g.scheduled,
     'state', g.state, 'held_code', g.held_code, 'held_because', g.held_because, 'files', (
       SELECT count(*) FROM records_enclosure f WHERE f.outgoing_id = g.id)) ORDER BY g.due_at, g.id)
   FROM records_outgoing g JOIN people_person p ON p.id = g.author_id
   WHERE g.record_id = %(record)s AND g.state IN ('waiting', 'held')) AS outgoing,
  (SELECT jsonb_agg(jsonb_build_object('name', p.name, 'mode', d.mode) ORDER BY d.saved_at DESC)
   FROM records_draft d JOIN people_person p ON p.id = d.person_id
   WHERE d.record_id = %(record)s AND d.person_id <> %(me)s
     AND d.saved_at > now() - interval '30 minutes') AS writing
"""


def surroundings(actor: Actor, record_id: int, requester_id: int) -> dict[str, Any]:
    """Everything round an incident in one statement: requester, their other incidents, watchers, family, links,
    what other systems call it, the actor's own drafts and files, what waits to go out, who else writes, and from which
    entry on their inbox has unread lines about it."""
    visible, values = visible_sql(actor)
    found = sql.dicts(
        _SIDE.replace("{visible}", visible),
        {**values, "record": record_id, "requester": requester_id, "me": actor.person_id},
    )[0]
    empty: dict[str, Any] = {"drafts": {}, "parent": None, "first_unread": None}
    return {name: empty.get(name, []) if value is None else value for name, value in found.items()}


_SERVICES = """
SELECT i.code, i.name FROM items_item i JOIN people_organisation o ON o.id = i.organisation_id
WHERE i.item_class = 'service' AND i.active AND i.code IS NOT NULL
  AND (%(all)s OR o.path && %(reach)s::bigint[] OR o.id = ANY(
    SELECT step FROM people_organisation own, unnest(own.path) step WHERE own.id = ANY(%(reach)s)))
  AND (%(organisation)s::bigint IS NULL OR o.path @> ARRAY[%(organisation)s::bigint] OR o.id = ANY(
      SELECT unnest(path) FROM people_organisation WHERE id = %(organisation)s))
ORDER BY i.name, i.id LIMIT 400
"""


def services(actor: Actor, organisation_id: int | None) -> list[tuple[str, str]]:
    """(code, name) of active services an organisation may use (any within reach when None)."""
    scope = actor.scope("records.view")
    reach = {
        *scope.organisations,
        *scope.team_organisations,
        *([actor.organisation_id] if actor.organisation_id else []),
    }
    values = {"all": scope.everywhere, "reach": sorted(reach), "organisation": organisation_id}
    return [(row["code"], row["name"]) for row in sql.dicts(_SERVICES, values)]


_TEAM_NAMES = """
SELECT code, name FROM people_team
WHERE code = ANY(%(codes)s) AND (%(near)s::bigint[] IS NULL OR organisation_id = ANY(%(near)s))
"""


def team_names(actor: Actor, codes: Sequence[str]) -> dict[str, str]:
    """Names of teams by code, for the words of a filter; others' teams have none."""
    if not codes:
        return {}
    near = places.surroundings(actor)
    return dict(sql.rows(_TEAM_NAMES, {"codes": list(codes), "near": None if near is None else sorted(near)}))


_LAST_WORDS = """
SELECT DISTINCT ON (p.record_id) p.record_id, p.author_id, p.created_at FROM records_reply p
WHERE p.record_id = ANY(%s) ORDER BY p.record_id, p.id DESC
"""


def last_words(record_ids: Sequence[int]) -> dict[int, tuple[int | None, datetime]]:
    """(author, moment) of the last public reply by record."""
    found = sql.rows(_LAST_WORDS, [list(record_ids)])
    return {record_id: (author, at) for record_id, author, at in found}


_CAME_BACK = """
SELECT DISTINCT ON (e.record_id) e.record_id, e.verb, e.actor_id FROM journal_entry e
WHERE e.record_id = ANY(%s) ORDER BY e.record_id, e.id DESC
"""


def came_back(record_ids: Sequence[int]) -> set[int]:
    """Records whose last event is that their time on hold ran out by itself: a follow-up nobody has begun."""
    found = sql.rows(_CAME_BACK, [list(record_ids)])
    return {record_id for record_id, verb, actor_id in found if verb == "resume" and actor_id is None}


_WEEK = """
SELECT
  (SELECT count(*) FROM records_record r WHERE r.kind = 'incident' AND r.updated_at >= %(since)s
    AND r.assignee_id = %(me)s AND r.resolved_at >= %(since)s) AS resolved,
  (SELECT count(*) FROM journal_entry e
    WHERE e.at >= %(since)s AND e.actor_id = %(me)s AND e.verb = 'reply') AS replies,
  (SELECT count(*) FROM records_record r
    WHERE r.kind = 'incident' AND r.opened_at >= %(since)s AND {teams}) AS received,
  (SELECT extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY r.responded_at - r.opened_at))::bigint
    FROM records_record r WHERE r.kind = 'incident' AND r.updated_at >= %(since)s AND r.assignee_id = %(me)s
    AND r.responded_at >= %(since)s) AS first_response
"""


def week(actor: Actor, since: datetime) -> dict[str, int | None]:
    """What the actor resolved and answered since `since`, what their teams received, and their median seconds to a
    first response (None without one)."""
    return sql.dicts(_WEEK.replace("{teams}", _TEAMS), {"since": since, "me": actor.person_id})[0]
