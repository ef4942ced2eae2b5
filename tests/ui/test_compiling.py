"""What templates compile to: fixed words and icons become text, and the reader sees no difference."""

from __future__ import annotations

import pytest
from django.template import TemplateDoesNotExist, engines, loader
from django.test import override_settings
from django.utils import translation
from django.utils.translation import gettext_lazy

from quell.kernel.ui import marks
from quell.kernel.ui.compiling import Environment
from quell.kernel.ui.jinja import Templates


@pytest.fixture
def backend() -> Templates:
    found = engines.all()[0]
    assert isinstance(found, Templates)
    return found


@pytest.fixture
def english(backend: Templates) -> Environment:
    return backend.of("en")


def code(environment: Environment, source: str) -> str:
    return environment.compile(source, raw=True)


def test_what_is_known_is_text_before_the_page_is_asked_for(english: Environment) -> None:
    made = code(english, "<p>{{ _('Close') }} {{ icon('x') }} {{ tag(_('VIP'), 'warn', 'star') }}</p>")
    assert "<p>Close <svg" in made
    assert "call" not in made
    assert made.count("yield ") == 2, "one piece, and the line that makes every template a generator"


def test_what_is_not_known_is_called_directly_and_escaped_once(english: Environment) -> None:
    assert "environment.call_icon(" in code(english, "{{ icon(one.sign) }}")
    assert english.from_string("{{ icon('x', label=name) }}{{ name }}").render(name="A & B").count("A &amp; B") == 2


def test_a_name_the_template_sets_itself_is_its_own(english: Environment) -> None:
    source = "{% for icon in signs %}{{ icon }}{% endfor %}{% set tag = name %}{{ tag }}"
    assert english.from_string(source).render(signs=["<a>", "b"], name="<i>") == "&lt;a&gt;b&lt;i&gt;"


def test_the_key_of_a_dictionary_comes_before_its_methods(english: Environment) -> None:
    template = english.from_string("{{ row.items }} {{ row.count }} {{ row.nothing }}{{ row.get('count') }}")
    assert template.render(row={"items": "<i>", "count": 3}) == "&lt;i&gt; 3 3"


def test_words_that_wait_for_their_language_get_it_every_time(backend: Templates) -> None:
    label = gettext_lazy("Closed")
    drawn = []
    for language in ("en", "da"):
        with translation.override(language):
            template = backend.of(language).from_string("{{ label }} {{ state(label, 'closed') }}")
            drawn.append(template.render(label=label))
            assert drawn[-1].startswith(f"{translation.gettext('Closed')} ")
            assert marks.words(label) == translation.gettext("Closed")


def test_includes_see_what_stands_around_them(english: Environment) -> None:
    toast = "{% with text=one, kind='error' %}{% include 'ui/components/refusal.html' %}{% endwith %}"
    source = "{% for one in names %}" + toast + "{% endfor %}"
    html = english.from_string(source).render(names=["<a>", "b"])
    assert html.count("data-toast") == 2
    assert "&lt;a&gt;" in html


def test_a_new_address_of_static_files_is_seen(backend: Templates) -> None:
    def sprite() -> str:
        return backend.of("en").from_string("{{ icon('x') }}").render()

    with override_settings(STATIC_URL="/elsewhere/"):
        assert "/elsewhere/" in sprite()
    assert "/elsewhere/" not in sprite()


def test_a_template_that_is_not_there() -> None:
    with pytest.raises(TemplateDoesNotExist, match=r"nothing/here\.html"):
        loader.get_template("nothing/here.html")
