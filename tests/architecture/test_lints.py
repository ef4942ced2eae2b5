"""The house's own lints hold on every file, and each of them catches a bad sample."""

from __future__ import annotations

from collections import Counter

import pytest

from .exceptions import judge, listed
from .lints import LINTS, TEMPLATE_LINTS, Lint
from .tree import Source, production_sources, templates

ALL = [*LINTS, *TEMPLATE_LINTS]


def allowed(lint: Lint) -> dict[tuple[str, ...], int]:
    """How often each file may break the lint."""
    return {(entry["path"],): entry["count"] for entry in listed("lint") if entry["code"] == lint.code}


@pytest.mark.parametrize("lint", ALL, ids=lambda lint: lint.code)
def test_lint_holds(lint: Lint) -> None:
    """No file breaks the lint beyond its listed exceptions, and no exception is left over."""
    read = list(production_sources() if lint in LINTS else templates())
    lines = {source.path: sorted(set(lint.find(source))) for source in read if lint.applies(source)}
    found = Counter({(path,): len(at) for path, at in lines.items() if at})
    faults = judge(found, allowed(lint), "times")
    where = [f"{path}:{line}" for path, at in lines.items() for line in at if len(at) > allowed(lint).get((path,), 0)]
    assert not faults, "\n".join([f"{lint.code}: {lint.instead}", *faults, *where])


def test_exceptions_name_a_lint_that_exists() -> None:
    """A renamed lint would leave its exceptions behind unseen."""
    assert {entry["code"] for entry in listed("lint")} <= {lint.code for lint in ALL}


WEB = "practices/incidents/web/views.py"
RULE = "practices/incidents/rules/lifecycle.py"
ANY = "kernel/records/models.py"
PAGE = "practices/incidents/jinja2/incidents/page.html"

BAD = [
    ("objects-at-the-door", WEB, "rows = Incident.objects.filter(state='new')"),
    ("objects-at-the-door", "practices/incidents/api/endpoints.py", "Incident._default_manager.all()"),
    ("objects-at-the-door", "workspaces/desk/queue.py", "Record.objects.visible_to(actor)"),
    ("asks-the-time", RULE, "from django.utils import timezone\nlate = due < timezone.now()"),
    ("asks-the-time", "engines/clock.py", "import datetime\nnow = datetime.datetime.now(datetime.UTC)"),
    ("asks-the-time", "practices/incidents/events.py", "import time\nat = time.time()"),
    ("print", ANY, "print('here')"),
    ("composed-gettext", ANY, "_(f'Hello {name}')"),
    ("composed-gettext", ANY, "_('Hello %s' % name)"),
    ("composed-gettext", ANY, "gettext_lazy('Hello ' + name)"),
    ("composed-gettext", ANY, "translation.gettext('Hello {}'.format(name))"),
    ("composed-gettext", ANY, "ngettext('one', f'{n} more', n)"),
    ("unsafe-html", ANY, "from django.utils.safestring import mark_safe"),
    ("unsafe-html", ANY, "html.mark_safe(text)"),
    ("unsafe-html", ANY, "SafeString(text)"),
    ("unsafe-html", ANY, "Markup(text)"),
    ("unsafe-html", ANY, "markupsafe.Markup(f'<b>{name}</b>')"),
    ("built-html", ANY, "text = f'<b>{name}</b>'"),
    ("built-html", ANY, "text = '<a href=\"%s\">' % url"),
    ("built-html", ANY, "text = '<li>{}</li>'.format(name)"),
    ("built-html", ANY, "text = '<p>' + name"),
    ("raw-sql", ANY, "Record.objects.extra(where=['1=1'])"),
    ("raw-sql", ANY, "RawSQL('select 1', [])"),
    ("raw-sql", ANY, "cursor.execute('select %s' % name)"),
    ("raw-sql", ANY, "cursor.execute('select {}'.format(name))"),
    ("unpickle", ANY, "import pickle"),
    ("unpickle", ANY, "from marshal import loads"),
    ("yaml-load", ANY, "yaml.load(text)"),
    ("eval", ANY, "eval(text)"),
    ("outbound", ANY, "import requests"),
    ("outbound", ANY, "from urllib import request"),
    ("outbound", ANY, "def late():\n    import httpx"),
    ("xml", ANY, "import xml.etree.ElementTree as tree"),
    ("broad-except", ANY, "try:\n    go()\nexcept Exception:\n    pass"),
    ("broad-except", ANY, "try:\n    go()\nexcept (ValueError, BaseException):\n    pass"),
    ("broad-except", ANY, "try:\n    go()\nexcept:\n    pass"),
    ("plain-refusal", ANY, "raise Forbidden('You may not.')"),
    ("plain-refusal", ANY, "raise Invalid.field('title', f'{title} is taken.')"),
    ("plain-refusal", ANY, "return no('Only a lead can do this.')"),
    ("csrf-exempt", ANY, "from django.views.decorators.csrf import csrf_exempt"),
    ("weak-random", ANY, "import random"),
    ("star-import", ANY, "from django.db.models import *"),
    ("generic-foreign-key", ANY, "from django.contrib.contenttypes.fields import GenericForeignKey"),
    ("model-signals", "practices/incidents/wiring.py", "post_save.connect(tell, sender=Incident)"),
    ("model-signals", "practices/incidents/wiring.py", "Record = apps.get_model('records', 'Record')"),
    ("unsafe-filter", PAGE, "<p>{{ text|safe }}</p>"),
    ("unsafe-filter", PAGE, "{% autoescape false %}"),
    ("inline-script", PAGE, "<script>go()</script>"),
    ("inline-script", PAGE, '<button onclick="go()">'),
    ("inline-style", PAGE, '<p style="color: red">'),
    ("untranslated", PAGE, "<p>Nothing here yet.</p>"),
    ("untranslated", PAGE, '<button aria-label="Close">'),
    ("untranslated", PAGE, "{% if x %}\n<p>\n  {{ n }} incidents\n</p>{% endif %}"),
]

GOOD = [
    ("objects-at-the-door", "practices/incidents/queries.py", "Incident.objects.visible_to(actor)"),
    ("objects-at-the-door", WEB, "rows = queries.queue(actor)"),
    ("asks-the-time", "practices/incidents/actions/resolve.py", "now = timezone.now()"),
    ("asks-the-time", RULE, "def late(due, now):\n    return due < now"),
    ("print", ANY, "click.echo('done')"),
    ("composed-gettext", ANY, "_('Hello %(name)s') % {'name': name}"),
    ("composed-gettext", ANY, "ngettext('%(n)d line', '%(n)d lines', n) % {'n': n}"),
    ("unsafe-html", ANY, "def icon(name: str) -> Markup: ..."),
    ("built-html", ANY, "Markup('<b>{}</b>').format(name)"),
    ("built-html", ANY, "f'{low} < {value} and {value} > {high}'"),
    ("raw-sql", ANY, "cursor.execute('select %s', [name])"),
    ("raw-sql", ANY, "cursor.execute(sql.SQL('select {}').format(sql.Identifier(name)))"),
    ("outbound", ANY, "from urllib.parse import urlencode"),
    ("broad-except", ANY, "try:\n    go()\nexcept ValueError:\n    pass"),
    ("broad-except", ANY, "try:\n    go()\nexcept BaseException:\n    tidy()\n    raise"),
    ("plain-refusal", ANY, "raise Forbidden(_('You may not.'))"),
    ("plain-refusal", ANY, "raise Forbidden(verdict.reason)"),
    ("weak-random", "project/bench.py", "import random"),
    ("model-signals", ANY, "post_save.connect(tell)"),
    ("unsafe-filter", PAGE, "{{ text|unsafe_is_not_safe }}"),
    ("inline-script", PAGE, '<script type="module" src="{{ static(\'quell/quell.js\') }}"></script>'),
    ("inline-style", PAGE, '<p class="muted" data-style="x">'),
    ("untranslated", PAGE, '<p title="{{ name }}">{{ _("Nothing here yet.") }} · {{ name }} &nbsp; Quell</p>'),
    (
        "untranslated",
        PAGE,
        "{{ ngettext('%(num)s incident', '%(num)s incidents', n) }}{# why #}",
    ),
    ("inline-style", PAGE, '{{ field(form.size, style="cards") }}'),
]


def caught(code: str, path: str, text: str) -> bool:
    """Whether the lint of that name finds something in a file of that path and text."""
    lint = next(lint for lint in ALL if lint.code == code)
    source = Source(path, text)
    return lint.applies(source) and bool(list(lint.find(source)))


@pytest.mark.parametrize(("code", "path", "text"), BAD)
def test_lint_catches(code: str, path: str, text: str) -> None:
    """The bad sample is found."""
    assert caught(code, path, text)


@pytest.mark.parametrize(("code", "path", "text"), GOOD)
def test_lint_lets_through(code: str, path: str, text: str) -> None:
    """What the lint advises instead is not found."""
    assert not caught(code, path, text)


def test_every_lint_is_proved_and_advises() -> None:
    """No lint without a bad sample, none without a sentence of advice."""
    assert {lint.code for lint in ALL} == {code for code, _, _ in BAD}
    assert all(len(lint.instead) > 15 for lint in ALL)


def test_the_list_of_exceptions_may_only_shrink() -> None:
    """An exception that is not needed any more, or too generous, is itself a fault; so is going beyond it."""
    assert judge({("a",): 2}, {("a",): 2}, "times") == []
    assert judge({("a",): 3}, {("a",): 2}, "times") == ["a: 3 times, 2 allowed"]
    assert "no longer needed" in judge({}, {("a",): 2}, "times")[0]
    assert "has shrunk to 1" in judge({("a",): 1}, {("a",): 2}, "times")[0]
