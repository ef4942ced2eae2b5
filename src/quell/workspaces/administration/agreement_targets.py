"""The targets of a draft as a form shows them: five priorities by two metrics, and lines for everything else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from quell.practices.agreements import facade

Row = dict[str, Any]
PRIORITIES = range(1, 6)
#: What most want to promise: how soon somebody answers, how soon it is over.
COLUMNS = ("response", "resolution")
#: Empty lines offered below those that are there, and the most a form takes.
SPARE, MOST = 1, 60
DURATION = "duration"
_PLAIN = {
    "on_change": "carry", "on_reopen": "continue", "breach_rule": "elapsed", "keep_breach": True,
    "warn_at": list(facade.WARN_AT), "start_rule": "reported",
}  # fmt: skip
#: What targets usually spoke at before: they stay in the table, and are brought up to date when it is saved.
_WARNED_BEFORE = [50, 75, 90]
_USUAL = {"response": [], "resolution": ["requester", "scheduled"]}
_HOURS, _MINUTES = r"(?:h|hours?|t|timer?|小时|小時)", r"(?:m|min|minutes?|minutter|分|分钟|分鐘)"
_TIME = re.compile(rf"(?:(\d{{1,6}})(?:[.,](\d))?\s*{_HOURS})?\s*(?:(\d{{1,7}})\s*{_MINUTES})?")
_NUMBER = re.compile(r"(\d{1,6})(?:[.,](\d))?")


def read_time(typed: str) -> int | None:
    """Seconds of what somebody typed: 4, 4h, 1.5h, 30m, 1h 30m, 1:30; None for what is none of these. A number alone
    is hours."""
    words = typed.strip().lower()
    if clock := re.fullmatch(r"(\d{1,6}):([0-5]\d)", words):
        return int(clock[1]) * 3600 + int(clock[2]) * 60
    if number := _NUMBER.fullmatch(words):
        return int(number[1]) * 3600 + int(number[2] or 0) * 360
    found = _TIME.fullmatch(words)
    if found is None or not (found[1] or found[3]):
        return None
    return int(found[1] or 0) * 3600 + int(found[2] or 0) * 360 + int(found[3] or 0) * 60


def write_time(seconds: int) -> str:
    """The same the other way round."""
    hours, minutes = divmod(seconds // 60, 60)
    return " ".join([*([f"{hours}h"] if hours else []), *([f"{minutes}m"] if minutes else [])]) or "0m"


@dataclass(slots=True)
class Sheet:
    """What the form shows and what it says: `table` by priority, `lines` below it, what was wrong by place."""

    table: list[Row]
    lines: list[Row]
    faults: dict[str, str]

    def targets(self) -> tuple[list[Row], list[str]]:
        """As the action takes them, each with the place it stands at on the form."""
        found: list[tuple[Row, str]] = []
        for row in self.table:
            for metric in COLUMNS:
                if not row[metric].strip():
                    continue
                place = f"p{row['priority']}"
                target = {"metric": metric, "calendar": row["calendar"], "priorities": [row["priority"]]}
                found.append(({**target, "amount": self._amount(row[metric], DURATION, place), **_goal(row)}, place))
        told = [line for line in self.lines if line["metric"] and line["time"].strip()]
        found += [(self._line(line), line["place"]) for line in told]
        return [target for target, _place in found], [place for _target, place in found]

    def called(self, place: str) -> str:
        """What stands at a place of the form: "P2", or the metric of a line below the table."""
        metric = next((line["metric"] for line in self.lines if line["place"] == place), "")
        return facade.metric_called(metric) if metric else place.upper()

    def _line(self, line: Row) -> Row:
        given = {
            "metric": line["metric"],
            "kind": line["kind"],
            "amount": self._amount(line["time"], line["kind"], line["place"]),
            "calendar": line["calendar"],
            "services": _words(line["services"]),
            "priorities": [int(n) for n in line["priorities"]],
            "kinds": _words(line["kinds"]),
            "criticalities": [int(n) for n in _words(line["criticalities"]) if n.isascii() and n.isdigit()],
            "pauses_on": line["pauses_on"],
            **{name: line[name] for name in ("on_change", "on_reopen", "breach_rule", "start_rule")},
            "keep_breach": line["keep_breach"],
            "warn_at": [int(n) for n in _words(line["warn_at"]) if n.isascii() and n.isdigit() and len(n) < 6],
        }
        return {**given, **_goal(line)}

    def _amount(self, typed: str, kind: str, place: str) -> int:
        if kind == DURATION:
            seconds = read_time(typed)
        else:
            seconds = int(typed) if typed.strip().isascii() and typed.strip().isdigit() and len(typed) < 6 else None
        if seconds is None:
            self.faults[place] = (
                _("Write a time such as 4h or 30m.") if kind == DURATION else _("Write a number of working days.")
            )
        return seconds or 0


def of_version(targets: Sequence[Row], calendars: Sequence[str]) -> Sheet:
    """The targets of a version on the form: what fits into the table stands there, everything else in lines."""
    usual = calendars[0] if calendars else ""
    table = [{"priority": n, **dict.fromkeys(COLUMNS, ""), "calendar": "", "goal": ""} for n in PRIORITIES]
    lines: list[Row] = []
    for target in targets:
        row = table[target["priorities"][0] - 1] if len(target["priorities"]) == 1 else None
        goal = _percent(target["goal_percent"])
        if row is not None and _simple(target) and not row[target["metric"]]:
            if row["calendar"] in ("", target["calendar"]) and row["goal"] in ("", goal):
                row |= {"calendar": target["calendar"], "goal": goal, target["metric"]: write_time(target["amount"])}
                continue
        lines.append(_shown(target, f"l{len(lines)}"))
    for row in table:
        row["calendar"] = row["calendar"] or usual
    return Sheet(table, [*lines, *(_empty(f"l{len(lines) + n}", usual) for n in range(SPARE))], {})


def of_post(post: QueryDict, calendars: Sequence[str]) -> Sheet:
    """What was typed, as it was typed."""
    table = [
        {"priority": n, **{name: post.get(f"p{n}_{name}", "")[:40] for name in (*COLUMNS, "calendar", "goal")}}
        for n in PRIORITIES
    ]
    places = [place for place in post.getlist("line") if re.fullmatch(r"l\d{1,3}", place)][:MOST]
    lines = [_typed(post, place) for place in places]
    if not any(not line["metric"] for line in lines):
        lines.append(_empty(f"l{len(lines)}", calendars[0] if calendars else ""))
    return Sheet(table, lines, {})


def refused(sheet: Sheet, places: Sequence[str], errors: Mapping[str, str]) -> list[str]:
    """Put what the action found wrong beside the targets it is about; gives back what belongs to none."""
    rest = []
    for field, sentence in errors.items():
        parts = field.split(".")
        if parts[0] == "targets" and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(places):
            sheet.faults.setdefault(places[int(parts[1])], sentence)
        elif parts[0] == "targets":
            rest.append(sentence)
    return rest


def _simple(target: Row) -> bool:
    """Does it fit into the table: hours for one priority of everything, with what is usual?"""
    return (
        target["metric"] in COLUMNS
        and target["kind"] == DURATION
        and not (target["services"] or target["kinds"] or target["criticalities"])
        and all(target[name] == value for name, value in _PLAIN.items() if name != "warn_at")
        and target["warn_at"] in (_PLAIN["warn_at"], _WARNED_BEFORE)
        and sorted(target["pauses_on"]) == _USUAL[target["metric"]]
    )


def _shown(target: Row, place: str) -> Row:
    time = write_time(target["amount"]) if target["kind"] == DURATION else str(target["amount"])
    same = (
        "metric",
        "kind",
        "calendar",
        "pauses_on",
        "on_change",
        "on_reopen",
        "breach_rule",
        "keep_breach",
        "start_rule",
    )
    return {
        **{name: target[name] for name in same},
        "place": place,
        "time": time,
        "priorities": [str(n) for n in target["priorities"]],
        "services": ", ".join(target["services"]),
        "kinds": ", ".join(target["kinds"]),
        "criticalities": ", ".join(map(str, target["criticalities"])),
        "warn_at": ", ".join(map(str, target["warn_at"])),
        "goal": _percent(target["goal_percent"]),
    }


def _empty(place: str, calendar: str) -> Row:
    return {
        "place": place, "metric": "", "kind": DURATION, "time": "", "calendar": calendar, "priorities": [],
        "services": "", "kinds": "", "criticalities": "", "pauses_on": None, "goal": "",
        "warn_at": ", ".join(map(str, facade.WARN_AT)),
        **{name: value for name, value in _PLAIN.items() if name != "warn_at"},
    }  # fmt: skip


def _typed(post: QueryDict, place: str) -> Row:
    texts = (
        "metric", "kind", "time", "calendar", "services", "kinds", "criticalities", "warn_at", "goal", "on_change",
        "on_reopen", "breach_rule", "start_rule",
    )  # fmt: skip
    line: Row = {name: post.get(f"{place}_{name}", "")[:400] for name in texts}
    line["place"] = place
    line["priorities"] = [n for n in post.getlist(f"{place}_priorities") if n in ("1", "2", "3", "4", "5")]
    chosen = [one for one in post.getlist(f"{place}_pauses_on") if one in facade.PAUSE_REASONS]
    line["pauses_on"] = None if post.get(f"{place}_usual") else chosen
    line["keep_breach"] = bool(post.get(f"{place}_keep_breach"))
    return line


def _goal(row: Row) -> Row:
    """The goal in percent; what is empty is all of them, what is no number is refused by the action."""
    typed = row["goal"].strip().replace(",", ".").rstrip("% ")
    return {"goal_percent": typed} if typed else {}


def _percent(value: Any) -> str:
    said = f"{value:f}".rstrip("0").rstrip(".")
    return "" if said == "100" else said


def _words(typed: str) -> list[str]:
    return [word for word in re.split(r"[,;\s]+", typed.strip()) if word]
