"""What the functions of the templates draw, and how times read in the person's zone and language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.formats import date_format
from jinja2 import UndefinedError
from markupsafe import Markup

from quell.kernel.ui import marks, moments
from quell.kernel.ui.jinja import Templates

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def draw(source: str, **context: object) -> str:
    backend = engines.all()[0]
    assert isinstance(backend, Templates)
    return backend.of(translation.get_language() or "").from_string(source).render(context).strip()


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), timezone.override(COPENHAGEN), translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 21, 13, 5, tzinfo=UTC), "today 14:05"),
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), "today 00:30"),
        (datetime(2026, 11, 20, 22, 30, tzinfo=UTC), "yesterday 23:30"),
        (datetime(2026, 11, 22, 8, 0, tzinfo=UTC), "tomorrow 09:00"),
        (datetime(2026, 11, 24, 8, 0, tzinfo=UTC), "Tue 24 Nov"),
        (datetime(2025, 11, 24, 8, 0, tzinfo=UTC), "24 Nov 2025"),
    ],
)
def test_when_in_the_zone_of_the_person(moment: datetime, words: str) -> None:
    assert moments.short(moment) == words


def test_when_says_everything_on_hover() -> None:
    html = marks.when(datetime(2026, 7, 1, 12, 0, 9, tzinfo=UTC))
    assert 'title="Wednesday 1 July 2026 14:00:09 CEST"' in html
    assert 'datetime="2026-07-01T12:00:09+00:00"' in html
    assert marks.when(datetime(2026, 7, 1, 12, 0, tzinfo=UTC), "long").endswith(">Wed 1 Jul 14:00</time>")
    assert marks.when(NOW, "clock").endswith(">11:00</time>")
    assert marks.when(NOW, "day").endswith(">today</time>")
    assert "–" in marks.when(None)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1.0 kB"),
        (482_113, "471 kB"),
        (25 * 1024**2, "25 MB"),
        (3 * 1024**4, "3.0 TB"),
    ],
)
def test_sizes(count: int, words: str) -> None:
    assert moments.size(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(-5, "0 s"), (45, "45 s"), (720, "12 min"), (11_105, "3 h 05"), (187_200, "2 d 4 h")]
)
def test_durations(seconds: int, words: str) -> None:
    assert moments.duration(seconds) == words


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [("en", 999, "999"), ("en", 25_627, "25,627"), ("da", 1_234_567, "1.234.567"), ("zh-hans", 25_627, "25,627"),
     ("en", "99+", "99+")],
)  # fmt: skip
def test_counts_are_grouped_as_the_language_does(language, count, words):
    with translation.override(language):
        assert moments.number(count) == words
        assert words in draw("{{ ngettext('%(num)s record', '%(num)s records', n) }}", n=count)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Jonas Schmidt", "JS"),
        ("amira", "AM"),
        ("Jean-Luc van der Berg", "JB"),
        ("王小明", "明"),
        ("", "?"),
        ("…", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert marks.initials(name) == letters


def test_an_avatar_has_one_colour_for_ever_and_escapes() -> None:
    assert marks.avatar("Jonas Schmidt") == marks.avatar("Jonas Schmidt")
    assert "avatar a" in marks.avatar("Jonas Schmidt")
    assert "<script>" not in marks.avatar("<script>alert(1)</script>")
    assert 'aria-hidden="true"' in marks.avatar("Jonas", decorative=True)
    assert "Unassigned" in marks.avatar(None)


def test_badges() -> None:
    assert 'class="priority p1" title="Critical"' in marks.priority(1)
    assert "–" in marks.priority(None)
    assert "tag paused" in marks.state("On hold", "waiting")
    assert "&lt;b&gt;" in marks.state("<b>", "unheard of")
    assert 'role="img" aria-label="Remove"' in draw('{{ icon("x", "", "Remove") }}')


def test_what_was_drawn_from_trusted_markup_never_answers_for_text() -> None:
    assert "<i>" in marks.tag(Markup("<i>x</i>"))
    assert "&lt;i&gt;" in marks.tag("<i>x</i>")
    assert "&lt;i&gt;" in marks.state("<i>x</i>", "new")


def test_badges_follow_the_language() -> None:
    first = marks.priority(2)
    with translation.override("xx"):
        assert marks.priority(2) == first.replace("High", str(marks.PRIORITIES[2]))


def test_query_keeps_changes_and_drops_the_cursor() -> None:
    request = RequestFactory().get("/incidents?state=new&state=assigned&cursor=abc&q=a%26b")
    assert (
        draw('{{ query(sort="-opened_at") }}', request=request)
        == "?state=new&amp;state=assigned&amp;q=a%26b&amp;sort=-opened_at"
    )
    assert draw("{{ query(state=none, q=none) }}", request=request) == "?"
    assert draw('{{ query_toggle("state", "new") }}', request=request) == "?state=assigned&amp;q=a%26b"
    assert draw('{{ query_toggle("state", "closed") }}', request=request).startswith(
        "?state=new&amp;state=assigned&amp;state=closed"
    )


def test_sort_header_turns_the_order() -> None:
    request = RequestFactory().get("/incidents?sort=number")
    html = draw('{{ sort_header("number", "Number") }}', request=request)
    assert 'aria-sort="ascending"' in html
    assert "sort=-number" in html
    assert "aria-sort" not in draw('{{ sort_header("title", "Subject") }}', request=request)


class Report(forms.Form):
    title = forms.CharField(
        label="What is wrong?", help_text="One sentence", error_messages={"required": "Tell us what is wrong"}
    )
    badly = forms.ChoiceField(
        choices=[("1", "Cannot work"), ("2", "Annoying")], widget=forms.RadioSelect, required=False
    )


def test_a_field_ties_label_hint_and_error_together() -> None:
    html = draw('{{ field(form.title, autocomplete="off", data_key="t") }}', form=Report(data={}))
    assert '<label for="id_title">What is wrong?' in html
    assert 'aria-describedby="id_title-hint id_title-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title-error"' in html
    assert "Tell us what is wrong" in html
    assert 'autocomplete="off"' in html
    assert 'data-key="t"' in html
    assert html.count('aria-describedby="') == 1


def test_radios_are_a_group_with_a_legend() -> None:
    html = draw('{{ field(form.badly, label="How badly?", style="cards") }}', form=Report())
    assert "<fieldset" in html
    assert "<legend>How badly?" in html
    assert "choices cards" in html


def test_prose_links_numbers_through_the_context() -> None:
    html = draw("{{ prose(text) }}", text="see INC-7 <b>", number_link=lambda number: f"/i/{number}")
    assert '<a href="/i/INC-7"' in html
    assert "&lt;b&gt;" in html
    assert "INC-7</a>" not in draw("{{ text|markdown }}", text="see INC-7")


def test_a_row_of_fifty_is_quick() -> None:
    """The tags of a queue row cost microseconds, not template includes (architecture: 100 pages a second)."""
    import time

    row = "{{ priority(2) }}{{ state('New', 'new') }}{{ avatar('Jo Doe') }}{{ when(at) }}"
    source = "{% for row in rows %}" + row + "{% endfor %}"
    draw(source, rows=range(50), at=NOW)
    before = time.process_time()
    for _ in range(10):
        draw(source, rows=range(50), at=NOW)
    assert (time.process_time() - before) / 10 < 0.02


def test_words_of_a_template_are_markup_and_their_values_are_not() -> None:
    assert draw("{{ _('Tell <b>%(name)s</b> 100 %%', name=who) }}", who="<i>") == "Tell <b>&lt;i&gt;</b> 100 %"
    assert draw("{{ _('100 %%') }}") == "100 %"
    assert draw("{{ tag(_('Waiting for %(name)s', name=who)) }}", who="A & B").endswith("Waiting for A &amp; B</span>")
    both = "{{ ngettext('%(num)s line of %(name)s', '%(num)s lines of %(name)s', n, name=who) }}"
    assert draw(both, n=1, who="<i>") == "1 line of &lt;i&gt;"
    assert draw(both, n=2, who="Jo") == "2 lines of Jo"


@pytest.mark.parametrize(
    "source",
    [
        "{{ text }}",
        "{{ ui.empty(title=text, text=text, action_url=text, action_label=text) }}",
        "{{ ui.banner(text, kind=text) }}",
        "{{ ui.toast(text, undo_url=text) }}",
        "{{ ui.message(text, text, at, about=text, files=[{'url': text, 'name': text, 'size': 1}], id=text) }}",
        "{{ ui.event(text, at) }}",
        "{{ ui.steps([{'status': text, 'label': text}], label=text) }}",
        "{{ sort_header(text, text, css=text) }}",
        "{{ tag(text, text) }}{{ state(text, 'new') }}{{ avatar(text) }}{{ icon('x', '', text) }}",
        "{{ when(none, 'long', text) }}{{ _('Call %(name)s', name=text) }}",
        "{{ text|excerpt(90) }}{{ text|truncatechars(200) }}{{ [text]|join(text) }}",
        "{{ query(q=text) }}{{ query_toggle('q', text) }}",
    ],
)
def test_nothing_a_person_wrote_goes_out_as_markup(source: str) -> None:
    html = draw(source, text="\"><script>alert('x')</script>", at=NOW)
    assert "<script" not in html


def test_what_is_missing_prints_nothing_and_calling_it_is_an_error() -> None:
    assert draw("[{{ nothing }}{{ nothing.at.all }}{% for one in nothing %}x{% endfor %}]") == "[]"
    with pytest.raises(UndefinedError):
        draw("{{ iccon('x') }}")


@pytest.mark.parametrize(
    ("language", "words", "day", "moment"),
    [
        ("en", "Tue 24 Nov 2026", "24 November 2026", "24 November 2026, 14:05"),
        ("da", "tir 24. nov 2026", "24. november 2026", "24. november 2026 14:05"),
        ("zh-hans", "2026年11月24日星期二", "2026年11月24日", "2026年11月24日 14:05"),
    ],
)
def test_a_day_of_a_table_as_each_language_writes_it(language: str, words: str, day: str, moment: str) -> None:
    when = datetime(2026, 11, 24, 14, 5, tzinfo=COPENHAGEN)
    with translation.override(language):
        assert moments.dated(when) == words
        assert moments.dated(when, time=True).endswith("14:05")
        assert (date_format(when, "DATE_FORMAT"), date_format(when, "DATETIME_FORMAT")) == (day, moment)
