"""From a query's tree to SQL beside the other filters. Names are looked up with the rights of whoever runs the query,
and the lists it narrows are inside `visible_to` anyway: a query never widens what its reader sees."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from quell.engines.query.faults import QueryFault
from quell.engines.query.moments import span
from quell.engines.query.tree import And, Node, Not, Or, Term, Words, conjuncts
from quell.kernel.access.actor import Actor
from quell.kernel.records.query_words import read_query, refusal
from quell.kernel.records.visibility import internal_sql

from ..rules.lifecycle import INCIDENT
from ..rules.query_fields import FIELDS, ME, MY_TEAMS, NONE, OPEN
from . import naming
from .words import matching

#: Written out, so that the planner sees the partial indexes over open records.
IS_OPEN = "r.state_category IN ('new', 'active', 'waiting')"
_WATCHED = "r.id IN (SELECT record_id FROM records_watcher WHERE person_id = %(a_me)s)"
_INVOLVED = (
    "r.id IN (SELECT id FROM records_record WHERE requester_id = %(a_me)s UNION SELECT id FROM records_record"
    " WHERE opened_by_id = %(a_me)s UNION SELECT record_id FROM records_watcher WHERE person_id = %(a_me)s)"
)
QUALITIES = {
    "open": IS_OPEN,
    "assigned": "r.assignee_id IS NOT NULL",
    "unassigned": "r.assignee_id IS NULL",
    "waiting": "r.state_category = 'waiting'",
    "unanswered": "r.responded_at IS NULL",
    "mine": "r.assignee_id = %(a_me)s",
    "involved": _INVOLVED,
    "watched": _WATCHED,
    "major": "d.major",
    "owned_elsewhere": f"(r.owner_id = %(a_me)s AND r.assignee_id IS DISTINCT FROM %(a_me)s AND {IS_OPEN})",
    "handed_to_me": "d.handover_id IN (SELECT h.id FROM incidents_handover h WHERE h.state = 'pending' AND"
    " (h.to_person_id = %(a_me)s OR (h.to_person_id IS NULL AND h.to_team_id IN"
    " (SELECT team_id FROM people_membership WHERE person_id = %(a_me)s))))",
    "disputed": "d.routing_dispute",
}
#: Words of `is:` about what requesters do not read (`incident.INTERNAL`): true only where one sees the inside.
_INSIDE = frozenset({"disputed"})
#: Words of `is:` that look at the incident's own row.
_OF_THE_INCIDENT = frozenset({"major", "handed_to_me", "disputed"})
_PERSON = {
    "assignee": "r.assignee_id",
    "owner": "r.owner_id",
    "requester": "r.requester_id",
    "opened_by": "r.opened_by_id",
}
_COLUMNS = {
    "state": "r.state", "priority": "r.priority", "team": "r.team_id", **_PERSON, "service": "r.service_id",
    "category": "d.category_id", "organisation": "r.organisation_id", "channel": "r.channel",
    "hold_reason": "d.hold_reason", "resolution_code": "d.resolution_code", "state_category": "r.state_category",
    "impact": "d.impact", "urgency": "d.urgency", "major": "d.major", "parent": "r.parent_id",
    "transfer_count": "d.transfer_count", "reopen_count": "d.reopen_count", "affected_users": "d.affected_users",
    "opened": "r.opened_at", "updated": "r.updated_at", "responded": "r.responded_at", "resolved": "r.resolved_at",
    "closed": "r.closed_at", "resume": "d.resume_at", "due": "r.due_at",
}  # fmt: skip
_MOMENTS = frozenset({"opened", "updated", "responded", "resolved", "closed", "resume", "due"})
_NUMBERS = frozenset({"priority", "impact", "urgency", "transfer_count", "reopen_count", "affected_users"})
#: So many groups of words are weighed by the planner; a query of more is served, only less cleverly.
_WEIGHED = 4

Lookup = Callable[[Actor, Collection[str]], Mapping[str, int]]
_LOOKUPS: dict[str, Lookup] = {
    **dict.fromkeys(_PERSON, naming.people), "team": naming.teams, "service": naming.services,
    "organisation": naming.organisations, "parent": naming.records,
    "category": lambda actor, paths: dict.fromkeys(naming.categories(actor, paths), 0),
}  # fmt: skip
_WORDS = {ME, MY_TEAMS, NONE}


@dataclass(frozen=True, slots=True)
class Asked:
    """A query ready for a list: SQL conditions that must all hold, their parameters, whether they need the incident's
    own row (`d`), and the order it asks for ("": none)."""

    parts: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict, hash=False)
    detail: bool = False
    sort: str = ""


def asked(actor: Actor, text: str, *, now: datetime | None = None) -> Asked:
    """The query as SQL; raises Invalid on `query` with the place of what is wrong or unknown."""
    query = read_query(text, FIELDS)
    compiler = _Compiler(actor, now or datetime.now(UTC), _zone(actor))
    try:
        compiler.look_up(query.condition)
        parts = tuple(compiler.all_of(conjuncts(query.condition)))
    except QueryFault as fault:
        raise refusal(fault) from None
    return Asked(parts, compiler.values, compiler.detail, query.sort)


def _zone(actor: Actor) -> tzinfo:
    """The runner's own days; those of the instance where none is said."""
    try:
        return ZoneInfo(actor.timezone) if actor.timezone else timezone.get_default_timezone()
    except (ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()


def _terms(node: Node | None) -> Iterator[Term]:
    if isinstance(node, Term):
        yield node
    elif isinstance(node, Not):
        yield from _terms(node.inner)
    elif isinstance(node, (And, Or)):
        for part in node.parts:
            yield from _terms(part)


@dataclass
class _Compiler:
    """One pass over a tree. `known` maps a field and a name given for it to the id found."""

    actor: Actor
    now: datetime
    zone: tzinfo
    values: dict[str, Any] = field(default_factory=dict)
    detail: bool = False
    known: dict[str, Mapping[str, int]] = field(default_factory=dict)
    mine: list[int] = field(default_factory=list)
    groups: int = 0

    def look_up(self, condition: Node | None) -> None:
        """Ask once for each field that names things; raises QueryFault at the first name nobody knows here."""
        terms = [one for one in _terms(condition) if one.name in _LOOKUPS]
        wanted: dict[str, set[str]] = {}
        for term in terms:
            wanted.setdefault(term.name, set()).update(_plain(term.name, v.text) for v in term.values)
        for name, texts in wanted.items():
            self.known[name] = _LOOKUPS[name](self.actor, texts - _WORDS)
        if MY_TEAMS in wanted.get("team", ()):
            self.mine = naming.my_teams(self.actor)
        for term in terms:
            for value in term.values:
                plain = _plain(term.name, value.text)
                if plain not in _WORDS and plain not in self.known[term.name]:
                    raise QueryFault("value_unknown", value.at, field=term.name, word=value.text)

    def all_of(self, parts: tuple[Node, ...]) -> Iterator[str]:
        """A condition for each part; words that stand side by side are looked for together."""
        words = [one for one in parts if isinstance(one, Words)]
        together = sum(len(one.text) + 3 for one in words) <= 300
        if words and together:
            yield self.words(" ".join(_exact(one.text) for one in words), words)
        for part in parts:
            if not (together and isinstance(part, Words)):
                yield self.one(part)

    def one(self, node: Node) -> str:
        """The condition of any node."""
        if isinstance(node, Words):
            return self.words(_exact(node.text), [node])
        if isinstance(node, Not):
            return f"({self.one(node.inner)}) IS NOT TRUE"
        if isinstance(node, And):
            return f"({' AND '.join(self.all_of(node.parts))})"
        if isinstance(node, Or):
            return f"({' OR '.join(self.one(part) for part in node.parts)})"
        rule = self.term(node)
        return f"({rule}) IS NOT TRUE" if node.operator == "!=" else rule

    def words(self, text: str, nodes: list[Words]) -> str:
        """Words, or the number of an incident where one stands alone."""
        self.groups += 1
        alone = nodes[0].text if len(nodes) == 1 and " " not in nodes[0].text else text
        sql, values = matching(self.actor, alone, f"w{self.groups}_", weigh=self.groups <= _WEIGHED)
        self.values |= values
        return sql

    def term(self, term: Term) -> str:
        """A condition on a field, for `:` and `!=` alike; the caller turns the latter round."""
        if term.name == "is":
            return self.any_of([self.quality(value.text) for value in term.values])
        column = _COLUMNS[term.name]
        self.detail = self.detail or column.startswith("d.")
        if term.name in _MOMENTS:
            return self.any_of([self.moment(column, term.operator, value.text) for value in term.values])
        if term.name == "category":
            return self.category([value.text for value in term.values])
        if term.name in _LOOKUPS:
            return self.named(term.name, column, [value.text for value in term.values])
        if term.name in _NUMBERS:
            return self.numbers(column, term.operator, [int(value.text) for value in term.values])
        if term.name == "major":
            return self.any_of(["d.major" if value.text == "true" else "NOT d.major" for value in term.values])
        return self.codes(term.name, column, [value.text for value in term.values])

    def put(self, value: Any) -> str:
        """A new parameter for a value."""
        name = f"a{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"

    def any_of(self, rules: list[str]) -> str:
        """Any of the rules."""
        return rules[0] if len(rules) == 1 else f"({' OR '.join(rules)})"

    def among(self, column: str, values: list[Any]) -> str:
        """The column holds one of the values."""
        if len(values) == 1:
            return f"{column} = {self.put(values[0])}"
        return f"{column} = ANY({self.put(values)})"

    def quality(self, word: str) -> str:
        """A word of `is:`."""
        self.values["a_me"] = self.actor.person_id
        self.detail = self.detail or word in _OF_THE_INCIDENT
        if word not in _INSIDE:
            return QUALITIES[word]
        inside, more = internal_sql(self.actor)
        self.values |= more
        return f"({QUALITIES[word]} AND {inside})"

    def numbers(self, column: str, operator: str, values: list[int]) -> str:
        """A number compared, or one of several."""
        if operator in (":", "!="):
            return self.among(column, values)
        return f"{column} {operator} {self.put(values[0])}"

    def moment(self, column: str, operator: str, text: str) -> str:
        """A time before, after or within what was written. So long ago, with a colon, means since then."""
        begins, ends = span(text, self.now, self.zone)
        if operator in (">", "<="):
            edge = ends if ends > begins else begins
            strict = {">": ">=" if ends > begins else ">", "<=": "<" if ends > begins else "<="}[operator]
            return f"{column} {strict} {self.put(edge)}"
        if operator in (">=", "<"):
            return f"{column} {operator} {self.put(begins)}"
        if ends == begins:
            begins, ends = sorted((begins, self.now))
        return f"({column} >= {self.put(begins)} AND {column} < {self.put(ends)})"

    def codes(self, name: str, column: str, words: list[str]) -> str:
        """A closed list of words; `open` stands for several states, and open states let the partial indexes be seen."""
        states = [word for word in words if not (name == "state" and word == OPEN)]
        rules = [IS_OPEN] if len(states) < len(words) else []
        if states:
            rule = self.among(column, states)
            if name == "state" and all(INCIDENT.states[one].category in ("new", "active", "waiting") for one in states):
                rule = f"({rule} AND {IS_OPEN})"
            rules.append(rule)
        return self.any_of(rules)

    def named(self, name: str, column: str, words: list[str]) -> str:
        """People, teams, services and the like, by their ids; nobody for `none`."""
        ids: list[int] = []
        for word in words:
            if word == ME:
                ids.append(self.actor.person_id or 0)
            elif word == MY_TEAMS:
                ids.extend(self.mine or [0])
            elif word != NONE:
                ids.append(self.known[name][_plain(name, word)])
        rules = [self.among(column, ids)] if ids else []
        return self.any_of([*rules, *([f"{column} IS NULL"] if NONE in words else [])])

    def category(self, words: list[str]) -> str:
        """Categories by path, with all that lie below them."""
        paths = [_plain("category", word) for word in words if word != NONE]
        rules = ["d.category_id IS NULL"] if NONE in words else []
        if paths:
            below = [path.replace("\\", r"\\").replace("_", r"\_").replace("%", r"\%") + "/%" for path in paths]
            path = f"path = ANY({self.put(paths)}) OR path LIKE ANY({self.put(below)})"
            rules.append(f"d.category_id IN (SELECT id FROM incidents_category WHERE {path})")  # noqa: S608
        return self.any_of(rules)


def _plain(name: str, text: str) -> str:
    """A name as it is looked up."""
    if text in _WORDS:
        return text
    if name in _PERSON:
        return text.lower()
    if name == "category":
        return text.lower().strip("/")
    return text.upper() if name == "parent" else text


def _exact(text: str) -> str:
    """A word, or words in this order; other signs of the search are only signs here."""
    return '"' + text.replace('"', " ") + '"'
