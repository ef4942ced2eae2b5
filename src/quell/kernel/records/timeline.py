"""The history of a record as this reader may see it, oldest first: the one timeline of pages and API."""

from __future__ import annotations

from typing import Any

from quell.kernel.config.sql import dicts

from . import labels
from .models import Record

#: What a public entry may show of its changes to people outside the desk.
PUBLIC_CHANGES = frozenset({"state", "resolution", "resolution_code", "resume_at"})

#: The files of a record, with the public ones of what was merged into it.
_ITS_FILES = """(a.record_id = %(record)s AND (a.public OR %(internal)s)) OR (a.public AND a.record_id IN
  (SELECT source_id FROM records_link WHERE target_id = %(record)s AND kind = 'merged_into'))"""
_ENTRIES = f"""
SELECT e.id, e.at, e.verb, e.channel, e.public, e.changes, e.data, e.request_id, e.version,
  p.id AS actor_id, p.email AS actor, p.name AS actor_name, rp.body AS reply_body, n.body AS note_body,
  (e.data ->> 'reply')::bigint AS reply_id, (e.data ->> 'note')::bigint AS note_id,
  CASE WHEN row_number() OVER (ORDER BY e.at, e.id) = 1 THEN (
    SELECT jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name, 'size', a.size, 'content_type', a.content_type,
      'sha256', a.blob_id, 'reply_id', a.reply_id, 'note_id', a.note_id) ORDER BY a.id)
    FROM records_attachment a WHERE {_ITS_FILES}
  ) END AS all_files,
  CASE WHEN %(internal)s AND (e.data ? 'mentioned' OR (e.verb = 'escalate' AND e.data ? 'people')) THEN (
    SELECT jsonb_agg(jsonb_build_array(c.name, c.email) ORDER BY c.name) FROM people_person c
    WHERE c.id IN (SELECT jsonb_array_elements_text(
      e.data -> CASE e.verb WHEN 'escalate' THEN 'people' ELSE 'mentioned' END)::bigint)) END AS called,
  m.number AS merged_from, m.title AS merged_title, m.description AS merged_description, mp.name AS merged_requester
FROM (
  SELECT * FROM journal_entry WHERE record_id = %(record)s AND (public OR %(internal)s)
  UNION ALL
  SELECT j.* FROM records_link l JOIN journal_entry j ON j.record_id = l.source_id
  WHERE l.target_id = %(record)s AND l.kind = 'merged_into' AND j.public AND j.verb IN ('open', 'reply', 'attach')
) e
LEFT JOIN records_record m ON m.id = e.record_id AND m.id <> %(record)s
LEFT JOIN people_person mp ON mp.id = m.requester_id
LEFT JOIN people_person p ON p.id = e.actor_id
LEFT JOIN records_reply rp ON rp.id = (e.data ->> 'reply')::bigint
LEFT JOIN records_note n ON n.id = (e.data ->> 'note')::bigint AND %(internal)s
ORDER BY e.at, e.id
"""  # noqa: S608 - a fragment of our own
_FILES = f"""
SELECT a.id, a.name, a.size, a.content_type, a.blob_id AS sha256, a.public, a.reply_id, a.note_id, a.created_at
FROM records_attachment a WHERE {_ITS_FILES} ORDER BY a.id
"""  # noqa: S608 - a fragment of our own


def attachments(record_id: int, *, internal: bool) -> list[dict[str, Any]]:
    """Files on a record that this reader may have, with the public ones of what was merged into it."""
    return _rows(_FILES, record_id, internal)


def timeline(record: Record | int, *, internal: bool) -> list[dict[str, Any]]:
    """Entries, oldest first. For readers outside the desk (`internal` false) only public ones, without what they
    changed inside; the words of a note are not even fetched for them. The public conversation of what was merged into
    the record stands in its place in time, with the number it came from; never its notes. `called` holds the names and
    addresses of the people a text or an escalation calls, for those who see the inside."""
    record_id = record if isinstance(record, int) else record.pk
    entries = _rows(_ENTRIES, record_id, internal)
    # Every file of the record comes with the first entry: one statement less, and nothing sent twice.
    files = (entries[0]["all_files"] or []) if entries else []
    names = _names(entries)
    return [_entry(row, files, names, internal) for row in entries]


def _rows(sql: str, record_id: int, internal: bool) -> list[dict[str, Any]]:
    return dicts(sql, {"record": record_id, "internal": internal})


def _names(entries: list[dict[str, Any]]) -> dict[str, dict[int, str]]:
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        for field, pair in entry["changes"].items():
            if labels.known(field):
                wanted.setdefault(field, set()).update(value for value in pair if isinstance(value, int))
    return labels.resolve(wanted)


def _entry(
    row: dict[str, Any], files: list[dict[str, Any]], names: dict[str, dict[int, str]], internal: bool
) -> dict[str, Any]:
    changes = {
        field: {"from": _named(field, pair[0], names), "to": _named(field, pair[1], names)}
        for field, pair in row["changes"].items()
        if not row["merged_from"] and (internal or field in PUBLIC_CHANGES)
    }
    body = row["reply_body"] if row["reply_id"] else row["note_body"]
    data, merged, author = row["data"], row["merged_from"], row["actor_name"] or "Quell"
    shown = {k: v for k, v in data.items() if k not in ("reply", "note", "reason")} if internal and not merged else {}
    if merged and row["verb"] == "open":
        body = f"{row['merged_title']}\n\n{row['merged_description']}".strip()
        author = row["merged_requester"]
    reason = data.get("reason") if internal or row["public"] else None
    hanging = [
        {key: file[key] for key in ("id", "name", "size", "content_type", "sha256")}
        for file in files
        if _hangs_on(file, row)
    ]
    called = {"called": [words for pair in row["called"] for words in pair]} if row["called"] else {}
    return {
        **called,
        "id": row["id"],
        "at": row["at"],
        "verb": row["verb"],
        "actor": row["actor"],
        "actor_name": author,
        "channel": row["channel"],
        "visibility": "public" if row["public"] else "internal",
        "body": body,
        "reason": reason,
        "changes": changes,
        "data": shown,
        "attachments": hanging,
        "merged_from": merged,
    }


def _hangs_on(file: dict[str, Any], row: dict[str, Any]) -> bool:
    if file["reply_id"]:
        return bool(file["reply_id"] == row["reply_id"])
    if file["note_id"]:
        return bool(file["note_id"] == row["note_id"])
    return bool(file["id"] == row["data"].get("attachment"))


def _named(field: str, value: Any, names: dict[str, dict[int, str]]) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and field in names:
        return names[field].get(value, str(value))
    return value
