"""The query language: what is written is what is read, every fault has its place, and nothing else is ever raised."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quell.engines.query import moments
from quell.engines.query.completing import complete
from quell.engines.query.faults import CODES, QueryFault
from quell.engines.query.fields import Field, Fields, Kind
from quell.engines.query.parse import DEEPEST, MOST_CONDITIONS, parse
from quell.engines.query.printing import write
from quell.engines.query.tree import And, Node, Not, Or, Query, Term, Value, Words, either, every

FIELDS = Fields(
    (
        Field("state", Kind.CHOICE, ("open", "new", "on_hold", "resolved")),
        Field("priority", Kind.NUMBER, low=1, high=5),
        Field("team", Kind.LOOKUP, ("@myteams", "none")),
        Field("assignee", Kind.LOOKUP, ("@me", "none")),
        Field("category", Kind.LOOKUP),
        Field("major", Kind.FLAG),
        Field("opened", Kind.MOMENT, aliases=("opened_at",)),
        Field("is", Kind.CHOICE, ("unassigned", "waiting")),
    ),
    ("priority", "opened_at", "updated_at"),
)


def read(text: str) -> Query:
    return parse(text, FIELDS)


def term(name: str, operator: str, *values: str) -> Term:
    return Term(name, operator, tuple(Value(one) for one in values))


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("", Query()),
        ("  ", Query()),
        ("vpn", Query(Words("vpn"))),
        ("vpn drops", Query(And((Words("vpn"), Words("drops"))))),
        ('"vpn  drops"', Query(Words("vpn drops"))),
        ("state:open", Query(term("state", ":", "open"))),
        ("State=OPEN", Query(term("state", ":", "open"))),
        ("priority<=2", Query(term("priority", "<=", "2"))),
        ("priority <= P2", Query(term("priority", "<=", "2"))),
        ("team:network,desk", Query(term("team", ":", "network", "desk"))),
        ("team: network, desk", Query(term("team", ":", "network", "desk"))),
        ("-category:printer", Query(Not(term("category", ":", "printer")))),
        ("not category:printer", Query(Not(term("category", ":", "printer")))),
        ("assignee:@me or is:unassigned", Query(Or((term("assignee", ":", "@me"), term("is", ":", "unassigned"))))),
        ("a b or c", Query(Or((And((Words("a"), Words("b"))), Words("c"))))),
        ("a (b or c)", Query(And((Words("a"), Or((Words("b"), Words("c"))))))),
        ("a AND (b c)", Query(And((Words("a"), Words("b"), Words("c"))))),
        ("opened>-7d", Query(term("opened", ">", "-7d"))),
        ("opened_at<2026-10-01", Query(term("opened", "<", "2026-10-01"))),
        ("vpn sort:-updated_at", Query(Words("vpn"), "-updated_at")),
        ("sort:priority", Query(None, "priority")),
        ("a or b sort:priority", Query(Or((Words("a"), Words("b"))), "priority")),
        ('category:"a, b"', Query(term("category", ":", "a, b"))),
        ("10:30", Query(Words("10:30"))),
        ("打印机 -网络", Query(And((Words("打印机"), Not(Words("网络")))))),
        (r'"say \"hi\" \\ there"', Query(Words('say "hi" \\ there'))),
        ('"and"', Query(Words("and"))),
    ],
)
def test_what_is_said(text: str, means: Query) -> None:
    assert read(text) == means
    assert read(write(means)) == means


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("state:open prio<2", "unknown_field_near", 11),
        ("zzz:1", "unknown_field", 0),
        ("state:opne", "not_a_choice_near", 6),
        ("state:qqqq", "not_a_choice", 6),
        ("state:open,qqqq", "not_a_choice", 11),
        ("priority:9", "not_a_number", 9),
        ("priority:high", "not_a_number", 9),
        ("opened>soon", "not_a_moment", 7),
        ("opened>2026-13-01", "not_a_moment", 7),
        ("opened>9999-12-31", "not_a_moment", 7),
        ("major:perhaps", "not_a_flag", 6),
        ("state<open", "operator_unfit", 0),
        ("priority<1,2", "one_value_only", 11),
        ("team:", "value_missing", 5),
        ("team:a,", "value_missing", 7),
        ('"vpn', "unclosed_quote", 0),
        ('a ""', "empty_quote", 2),
        ("(a", "unclosed_parenthesis", 0),
        ("a)", "stray_parenthesis", 1),
        ("a ()", "empty_parentheses", 2),
        ("a or", "nothing_follows", 2),
        ("or a", "nothing_before", 0),
        ("a -", "nothing_follows", 2),
        ("(a sort:priority) or b", "sort_inside", 3),
        ("-sort:priority", "sort_inside", 1),
        ("sort:priority sort:priority", "sort_twice", 14),
        ("sort:colour", "sort_unknown", 5),
        ("a\x00b", "bad_character", 1),
        ("a" * 2001, "too_long", 2000),
        ("(" * 30 + "a" + ")" * 30, "too_deep", DEEPEST + 1),
        ("-" * 5000, "too_long", 2000),
        ("-" * 1000 + "a", "too_deep", DEEPEST + 1),
        ("a " * (MOST_CONDITIONS + 1), "too_many_conditions", MOST_CONDITIONS * 2),
        ("team:" + ",".join(str(n) for n in range(51)), "too_many_values", 0),
    ],
)
def test_where_it_is_wrong(text: str, code: str, at: int) -> None:
    with pytest.raises(QueryFault) as fault:
        read(text)
    assert (fault.value.code, fault.value.at) == (code, at)
    assert code in CODES


def test_what_was_probably_meant() -> None:
    with pytest.raises(QueryFault) as fault:
        read("state:open    prio<2")
    assert fault.value.values["near"] == "priority" and fault.value.at == 14


texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), exclude_characters="\ufeff"),
    min_size=1,
    max_size=8,
)
words = (
    st.lists(texts, min_size=1, max_size=3)
    .map(lambda parts: Words(" ".join(" ".join(parts).split())))
    .filter(lambda one: one.text)
)


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True).map(tuple)


lookups = st.lists(
    texts.map(lambda one: " ".join(one.split())).filter(lambda one: one and one.lower() not in ("@me", "none")),
    min_size=1, max_size=3, unique=True,
).map(tuple)  # fmt: skip
terms = st.one_of(
    st.builds(lambda v, o: term("state", o, *v), some("open", "new", "on_hold"), st.sampled_from((":", "!="))),
    st.builds(lambda v: term("assignee", ":", *v), lookups),
    st.builds(
        lambda v, o: term("priority", o, v), st.sampled_from("12345"), st.sampled_from((":", "<", "<=", ">", ">="))
    ),
    st.builds(lambda v, o: term("opened", o, v), st.sampled_from(("-7d", "today", "2026-10-01", "2026-10-01T08:00Z")),
              st.sampled_from((":", "<", ">="))),
)  # fmt: skip


def wider(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: every(*parts)),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: either(*parts)),
    )


trees = st.recursive(st.one_of(words, terms), wider, max_leaves=12)
queries = st.builds(Query, st.one_of(st.none(), trees), st.sampled_from(("", "priority", "-opened_at")))


@given(queries)
@settings(max_examples=400, deadline=None)
def test_written_and_read_again_is_the_same(query: Query) -> None:
    assert read(write(query)) == query


pieces = st.sampled_from(
    [
        "state",
        ":",
        "open",
        "priority",
        "<=",
        "2",
        "(",
        ")",
        "-",
        "or",
        "and",
        "not",
        '"',
        "\\",
        ",",
        " ",
        "sort:",
        "@me",
        "ø",
        "漢",
    ]
)


@given(
    st.one_of(
        st.text(max_size=200), st.lists(pieces, max_size=40).map("".join), st.lists(pieces, max_size=40).map(" ".join)
    )
)
@settings(max_examples=600, deadline=None)
def test_nothing_but_its_own_fault_is_raised(text: str) -> None:
    try:
        query = read(text)
    except QueryFault as fault:
        assert fault.code in CODES and 0 <= fault.at <= len(text)
    else:
        assert read(write(query)) == query


@given(st.one_of(st.text(max_size=200), st.lists(pieces, max_size=40).map("".join)), st.integers(-5, 300))
@settings(max_examples=300, deadline=None)
def test_completion_never_fails_and_replaces_what_is_there(text: str, caret: int) -> None:
    found = complete(text, caret, FIELDS)
    assert 0 <= found.start <= found.end <= len(text)


@pytest.mark.parametrize(
    ("text", "first", "start", "field"),
    [
        ("", "state:", 0, ""),
        ("pri", "priority:", 0, ""),
        ("state:open te", "team:", 11, ""),
        ("state:", "open", 6, "state"),
        ("state:open,re", "resolved", 11, "state"),
        ("-state:o", "open", 7, "state"),
        ("priority<=", "1", 10, "priority"),
        ("assignee:@", "@me", 9, "assignee"),
        ("opened>-", "-1h", 7, "opened"),
        ("(sort:-up", "-updated_at", 6, "sort"),
        ("vpn o", "opened:", 4, ""),
    ],
)
def test_what_may_stand_here(text: str, first: str, start: int, field: str) -> None:
    found = complete(text, len(text), FIELDS)
    assert (found.choices[0], found.start, found.field) == (first, start, field)


def test_inside_exact_words_nothing_is_proposed() -> None:
    assert complete('"the pri', 8, FIELDS).choices == ()


NOW = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def test_a_day_is_the_readers_day() -> None:
    """The 29th of March 2026 has twenty-three hours in Copenhagen."""
    begins, ends = moments.span("today", NOW, COPENHAGEN)
    assert begins.astimezone(UTC) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert ends.astimezone(UTC) == datetime(2026, 3, 29, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "begins", "lasts"),
    [
        ("now", NOW, timedelta(0)),
        ("-7d", NOW - timedelta(days=7), timedelta(0)),
        ("+2h", NOW + timedelta(hours=2), timedelta(0)),
        ("2026-03-02T08:00:00Z", datetime(2026, 3, 2, 8, tzinfo=UTC), timedelta(0)),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC), timedelta(days=1)),
        ("yesterday", datetime(2026, 3, 28, tzinfo=UTC), timedelta(days=1)),
        ("-99999y", datetime(1970, 1, 1, tzinfo=UTC), timedelta(0)),
    ],
)
def test_times(text: str, begins: datetime, lasts: timedelta) -> None:
    assert moments.is_moment(text)
    start, end = moments.span(text, NOW, UTC)
    assert start == begins and end - start == lasts
