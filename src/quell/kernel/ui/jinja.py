"""The template engine: Jinja2 with the house's functions and filters, and one environment for every language.

Which language is in force is asked once, when a page begins. An environment knows its language, so a fixed sentence
is put in when the template is compiled (compiling.py), and one with values is a dictionary access away.

Everything is escaped unless it is markup already. What is missing prints nothing, as a page's context may leave out
what the frame has a default for; calling something that is missing is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from weakref import WeakSet

import jinja2
from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import TemplateDoesNotExist, defaultfilters
from django.template.backends.jinja2 import Jinja2
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from markupsafe import Markup, escape

from quell.kernel.ui import components, marks, moments
from quell.kernel.ui.compiling import Environment

try:
    from markupsafe._speedups import _escape_inner as escape_text
except ImportError:  # no compiled part for this machine

    def escape_text(s: str, /) -> str:
        """The same, slower."""
        return str(escape(s))


_CSRF = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">')


def _ours(words: str) -> Markup:
    """Sentences are written by the product and its translators, tags included; the values put in are escaped."""
    return Markup(words)  # noqa: S704 - nothing that a visitor wrote


class _Words(dict[str, Markup]):
    """Translations of one language, each looked up in the catalogue once."""

    def __missing__(self, message: str) -> Markup:
        found = self[message] = _ours(translation.gettext(message))
        return found


def _words() -> dict[str, Callable[..., Markup]]:
    """The functions that give a sentence; each language remembers its own."""
    templates, plain = _Words(), dict[str, Markup]()

    def gettext(message: str, /, **values: object) -> Markup:
        """`_("Call %(name)s", name=person.name)`: values are escaped, a percent sign is written twice."""
        if values:
            return templates[message] % values
        found = plain.get(message)
        if found is None:
            found = plain[message] = templates[message] % ()
        return found

    def ngettext(singular: str, plural: str, num: int | str, /, **values: object) -> Markup:
        """`ngettext("%(num)s point", "%(num)s points", points)`; `num` is given to the sentence by itself, written as
        the language writes it, also where counting stopped: "99+"."""
        count = num if isinstance(num, int) else int("".join(filter(str.isdecimal, num)) or 0)
        return _ours(translation.ngettext(singular, plural, count)) % {"num": moments.number(num), **values}

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}


def url(name: str, /, *args: object, **kwargs: object) -> str:
    """`{{ url("portal:request", row.number) }}`: the address of a page of the same workspace."""
    return reverse(name, args=args, kwargs=kwargs)


def truncatechars(text: object, length: int) -> str:
    """At most so many characters; what is cut off is shown by a dot-dot-dot, which counts."""
    words = str(text)
    return words if len(words) <= length else words[: length - 1] + "…"


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "icon": marks.icon,
    "priority": marks.priority,
    "state": marks.state,
    "tag": marks.tag,
    "avatar": marks.avatar,
    "when": marks.when,
    "prose": components.prose,
    "field": components.field,
    "query": components.query,
    "query_toggle": components.query_toggle,
    "sort_header": components.sort_header,
    "url": url,
    "static": static,
    "time_zone": timezone.get_current_timezone_name,
}
FILTERS: dict[str, Callable[..., Any]] = {
    "number": moments.number,
    "filesize": moments.size,
    "duration": moments.duration,
    "clock": moments.clock,
    "weekday": moments.weekday,
    "column_day": moments.column_day,
    "markdown": components.markdown,
    "excerpt": components.excerpt,
    "date": defaultfilters.date,
    "dated": moments.dated,
    "truncatechars": truncatechars,
    "urlencode": defaultfilters.urlencode,
}


# Pure, so that they can be called while a template is compiled: what they give depends on nothing but their arguments,
# the language, and settings that stand still while a process lives.
CONSTANT = ("_", "gettext", "icon", "priority", "state", "tag", "url", "static")
DIRECT = (*CONSTANT, "ngettext", "avatar", "when", "time_zone")
MARKUP = frozenset({"_", "gettext", "ngettext", "icon", "priority", "state", "tag", "avatar", "when"})
DECIDED_WHILE_COMPILING = {
    "STORAGES", "STATIC_URL", "ROOT_URLCONF", "LANGUAGES", "LANGUAGE_CODE", "LOCALE_PATHS", "USE_I18N",
}  # fmt: skip


def environment(**options: Any) -> Environment:
    """The environment that those of the languages are made from; settings name it."""
    options |= {"undefined": jinja2.ChainableUndefined, "autoescape": True}
    made = Environment(**options)
    made.globals |= FUNCTIONS
    made.filters |= FILTERS
    return made


def _escaped(language: str, value: object) -> str:
    """Escaped, and labels that wait for their language in it.

    Plain text, which is nearly everything, stays plain text: telling that it is markup now would take twenty times as
    long as escaping it, and the page it is joined into does not ask.
    """
    if type(value) is str:
        return escape_text(value)
    return escape(marks.words(value, language) if isinstance(value, Promise) else value)


def _in_language(of: Environment, language: str) -> Environment:
    """The environment of one language."""
    made = of.overlay()
    functions = {**FUNCTIONS, **_words()}
    functions |= {name: partial(functions[name], language=language) for name in ("priority", "state", "avatar", "when")}
    made.know(
        {name: functions[name] for name in CONSTANT},
        {name: functions[name] for name in DIRECT},
        MARKUP,
        partial(_escaped, language),
    )
    made.globals = {
        **of.globals,
        **functions,
        "ui": _Library(made),
        "language_code": language,
        "language_bidi": bool(language) and translation.get_language_info(language)["bidi"],
    }
    return made


class _Once:
    """Markup that is made when it is first asked for, and once a page."""

    def __init__(self, make: Callable[[], Markup]) -> None:
        self._make = make
        self._made: Markup | None = None

    def __html__(self) -> Markup:
        if self._made is None:
            self._made = self._make()
        return self._made

    __str__ = __html__


class _Library:
    """The macros of `ui/components.html` in one language; read when the first page asks for one."""

    def __init__(self, of: Environment) -> None:
        self._of = of

    def __getattr__(self, name: str) -> Any:
        macro = getattr(self._of.get_template("ui/components.html").module, name)
        if not settings.DEBUG:  # while templates are being written they may change under us
            setattr(self, name, macro)
        return macro


class Page:
    """A template by its name; which language it is in is decided when it is rendered."""

    def __init__(self, name: str, backend: Templates) -> None:
        self.name = name
        self.backend = backend

    def render(self, context: Mapping[str, Any] | None = None, request: HttpRequest | None = None) -> str:
        """The page, in the language that is in force."""
        values = self.values(context, request)
        return self.backend.of(translation.get_language() or "").get_template(self.name).render(values)

    def values(self, context: Mapping[str, Any] | None, request: HttpRequest | None) -> dict[str, Any]:
        """What the template is given. A page's own context wins over what the context processors say."""
        values: dict[str, Any] = {}
        if request is not None:
            token = _Once(lambda: Markup("{}").format(get_token(request)))
            values["request"] = request
            values["csrf_token"] = token
            values["csrf_input"] = _Once(lambda: _CSRF.format(token))
            for processor in self.backend.template_context_processors:
                values.update(processor(request))
        values.update(context or {})
        return values


class Templates(Jinja2):
    """Django's own backend for Jinja2, with an environment for every language."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        _backends.add(self)
        self.of_language: dict[str, Environment] = {}

    def of(self, language: str) -> Environment:
        """The environment of a language; "" is for texts as they are written in the templates."""
        found = self.of_language.get(language)
        if found is None:
            assert isinstance(self.env, Environment), "OPTIONS of the backend name `environment` of this module"
            found = self.of_language[language] = _in_language(self.env, language)
        return found

    def get_template(self, template_name: str) -> Any:
        """Raises TemplateDoesNotExist, so that Django asks the next backend."""
        try:
            self.of(translation.get_language() or "").get_template(template_name)
        except jinja2.TemplateNotFound as missing:
            raise TemplateDoesNotExist(str(missing.name or template_name), backend=self) from missing
        return Page(template_name, self)


_backends: WeakSet[Templates] = WeakSet()


@receiver(setting_changed, dispatch_uid="quell.ui.jinja")
def _forget(*, setting: str, **changed: object) -> None:
    if setting in DECIDED_WHILE_COMPILING:
        for backend in _backends:
            backend.of_language.clear()
