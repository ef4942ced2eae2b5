"""The same work as bare statements, as scripts of pgbench. Written from what the tables need, not from the product's
own queries, so that the floor does not move with them."""

from __future__ import annotations

from dataclasses import dataclass

from . import words

TEXTS = 24


@dataclass(frozen=True, slots=True)
class Facts:
    """What the scripts and requests have to know about the made data; ids are contiguous."""

    count: int
    organisation: int
    first_person: int
    people: int
    agent: int
    to_resolve: int


_SPINE = """r.id, r.number, r.version, r.title, r.description, r.state, r.priority, r.opened_at, r.updated_at,
  o.code, rq.email, ow.email, a.email, t.code, s.code, d.impact, d.urgency, d.hold_reason, c.path
  FROM records_record r JOIN incidents_incident d ON d.record_id = r.id
  JOIN people_organisation o ON o.id = r.organisation_id JOIN people_person rq ON rq.id = r.requester_id
  LEFT JOIN people_person ow ON ow.id = r.owner_id LEFT JOIN people_person a ON a.id = r.assignee_id
  LEFT JOIN people_team t ON t.id = r.team_id LEFT JOIN items_item s ON s.id = r.service_id
  LEFT JOIN incidents_category c ON c.id = d.category_id"""
_ANY = "\\set n random(1, :count)\n"
_ONE = f"SELECT {_SPINE} WHERE r.number = 'INC-' || lpad(:n::text, greatest(6, length(:n::text)), '0');\n"
_OPEN = "r.kind = 'incident' AND r.state_category IN ('new', 'active', 'waiting')"
_JOB = """SELECT procrastinate_defer_jobs_v1(ARRAY[('default', 'notify.announce', 0, NULL, NULL,
  jsonb_build_object('entry_id', :entry::bigint), NULL)::procrastinate_job_to_defer_v1]);
COMMIT;
"""


def read(_facts: Facts) -> list[str]:
    """One incident by its number."""
    return [_ANY + _ONE]


def listing(_facts: Facts) -> list[str]:
    """Fifty, the most urgent first."""
    return [f"SELECT {_SPINE} WHERE r.kind = 'incident' ORDER BY r.priority, r.id LIMIT 50;"]


def queue(_facts: Facts) -> list[str]:
    """Fifty open ones, the most urgent first, and how many there are (up to a thousand)."""
    page = f"SELECT {_SPINE} WHERE {_OPEN} ORDER BY r.priority, r.id LIMIT 50;\n"
    count = f"SELECT count(*) FROM (SELECT 1 FROM records_record r WHERE {_OPEN} LIMIT 1001) AS few;\n"  # noqa: S608
    return [page + count]


def ticket(_facts: Facts) -> list[str]:
    """One incident with its history and files."""
    return [
        _ANY  # noqa: S608 - words of our own
        + _ONE
        + "SELECT id AS record FROM records_record r WHERE number = 'INC-' || lpad(:n::text,"
        + " greatest(6, length(:n::text)), '0') \\gset\n"
        + "SELECT e.*, p.name, y.body FROM journal_entry e LEFT JOIN people_person p ON p.id = e.actor_id"
        + " LEFT JOIN records_reply y ON y.id = (e.data ->> 'reply')::bigint"
        + " WHERE e.record_id = :record::bigint ORDER BY e.at, e.id;\n"
        + "SELECT * FROM records_attachment WHERE record_id = :record::bigint;\n"
    ]


def search(chosen: list[str]) -> list[str]:
    """The twenty newest incidents with a word, a script for each word; the planner finds its own way."""
    return [
        f"""SELECT r.id, r.number, r.title, r.state, r.priority, r.description FROM search_document sd
        JOIN records_record r ON r.id = sd.record_id WHERE sd.public_words @@ (websearch_to_tsquery('english', '{word}')
        || websearch_to_tsquery('danish', '{word}') || websearch_to_tsquery('simple', '{word}'))
        ORDER BY sd.record_id DESC LIMIT 20;"""  # noqa: S608 - words of our own
        for word in chosen
    ]


def create(facts: Facts) -> list[str]:
    """An incident with its search document, its line in the journal and the job that tells people; in some texts."""
    writer = words.Writer(TEXTS, seed=11)
    return [_create(facts, *writer.text(place)) for place in range(1, TEXTS + 1)]


def _create(facts: Facts, title: str, description: str) -> str:
    return f"""\\set who random({facts.first_person}, {facts.first_person + facts.people - 1})
BEGIN;
SELECT nextval('records_number_inc') AS n \\gset
INSERT INTO records_record (kind, number, organisation_id, title, description, state, state_category, priority,
  requester_id, opened_by_id, channel, opened_at, updated_at, version) VALUES ('incident',
  'INC-' || lpad(:n::text, greatest(6, length(:n::text)), '0'),
  {facts.organisation}, '{title}', '{description}', 'new', 'new', 3, :who::bigint,
  {facts.agent}, 'api', now(), now(), 1) RETURNING id AS record \\gset
INSERT INTO incidents_incident (record_id, impact, urgency, priority_source, priority_note, affected_users, hold_reason,
  resolution_code, resolution, cause_code, transfer_count, reopen_count, escalation_level, major)
  VALUES (:record::bigint, 3, 3, 'matrix', '', 1, '', '', '', '', 0, 0, 0, FALSE);
INSERT INTO search_document (record_id, public_words) SELECT :record::bigint, to_tsvector('english', w)
  || to_tsvector('danish', w) || to_tsvector('simple', w)
  FROM (SELECT 'INC-' || lpad(:n::text, greatest(6, length(:n::text)), '0') || ' {title} {description}' AS w) x;
INSERT INTO journal_entry (record_id, subject, organisation_id, verb, actor_id, channel, at, public, changes, data,
  request_id, version) VALUES (:record::bigint, '', {facts.organisation}, 'open', {facts.agent}, 'api', now(), TRUE,
  '{{}}', '{{"impact": 3}}', '', 1) RETURNING id AS entry \\gset
{_JOB}"""  # noqa: S608 - numbers and words of our own


def resolve(facts: Facts) -> list[str]:
    """An incident resolved, with its line in the journal, its words for search and the job that tells people."""
    return [
        f"""\\set n random(0, {facts.to_resolve - 1})
BEGIN;
SELECT id AS record FROM bench_resolve WHERE n = :n::bigint \\gset
SELECT version FROM records_record WHERE id = :record::bigint FOR UPDATE;
UPDATE records_record SET state = 'resolved', state_category = 'resolved', resolved_at = now(), updated_at = now(),
  version = version + 1 WHERE id = :record::bigint;
UPDATE incidents_incident SET resolution_code = 'fixed', resolution = 'Set right.', close_due_at = now()
  + interval '7 days' WHERE record_id = :record::bigint;
UPDATE search_document SET public_words = public_words || to_tsvector('english', 'Set right.')
  || to_tsvector('danish', 'Set right.') || to_tsvector('simple', 'Set right.') WHERE record_id = :record::bigint;
INSERT INTO journal_entry (record_id, subject, organisation_id, verb, actor_id, channel, at, public, changes, data,
  request_id, version) VALUES (:record::bigint, '', {facts.organisation}, 'resolve', {facts.agent}, 'api', now(), TRUE,
  '{{"state": ["in_progress", "resolved"]}}', '{{}}', '', 4) RETURNING id AS entry \\gset
{_JOB}"""  # noqa: S608 - numbers of our own
    ]
