"""Functions and filters of the templates that need more than their arguments: the page's address, a form, a renderer.

Every one is shown on /styleguide and in docs/reference/design-system.md; `jinja.py` gives them their names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jinja2
from django import forms
from django.http import QueryDict
from jinja2.runtime import Context
from markupsafe import Markup

from quell.kernel.ui import richtext

_PROSE = Markup('<div class="prose" dir="auto">{}</div>')


def markdown(text: str | None) -> Markup:
    """`{{ text|markdown }}`: what a person wrote, rendered safely, without links on record numbers."""
    return richtext.render(text or "")


def excerpt(text: str | None, length: int = 160) -> str:
    """`{{ text|excerpt(90) }}`: the words of a Markdown text on one line."""
    return richtext.plain(text or "", length)


@jinja2.pass_context
def prose(
    context: Context,
    text: str | None,
    link: Callable[[str], str | None] | None = None,
    called: Sequence[str] = (),
) -> Markup:
    """`{{ prose(reply.body) }}`: rendered in a prose block; numbers link through `number_link` of the page, names in
    `called` stand out where they are called with an @.

    A macro does not know the page, so it is given the `link` and passes it on.
    """
    number_link = link or context.get("number_link")
    return _PROSE.format(richtext.render(text or "", number_link=number_link, called=tuple(called)))


def _library(environment: jinja2.Environment) -> Any:
    """The macros of `ui/components.html` in the language of the page."""
    return environment.globals["ui"]


def _asked(context: Context) -> QueryDict:
    """The parameters of this page, to be changed. The cursor always starts anew."""
    request = context.get("request")
    params: QueryDict = request.GET.copy() if request is not None else QueryDict(mutable=True)
    params.pop("cursor", None)
    return params


@jinja2.pass_context
def query(context: Context, **changes: object) -> str:
    """`?…` of this page with some parameters changed; None or "" removes one.

    `<a href="{{ query(sort='-opened_at') }}">`
    """
    params = _asked(context)
    for name, value in changes.items():
        if value is None or value == "":
            params.pop(name, None)
        elif isinstance(value, list | tuple):
            params.setlist(name, [str(one) for one in value])
        else:
            params[name] = str(value)
    return "?" + params.urlencode()


@jinja2.pass_context
def query_toggle(context: Context, name: str, value: object) -> str:
    """`?…` with one value of a multi-value parameter put in, or taken out when it is there."""
    params = _asked(context)
    values, word = params.getlist(name), str(value)
    params.setlist(name, [one for one in values if one != word] if word in values else [*values, word])
    return "?" + params.urlencode()


@jinja2.pass_context
def sort_header(context: Context, field: str, label: str, css: str = "") -> Markup:
    """A `<th scope="col">` whose link sorts by `field`; a second press turns the order."""
    request = context.get("request")
    current = (request.GET.get("sort") if request is not None else None) or context.get("sort", "")
    ascending, descending = current == field, current == f"-{field}"
    drawn: Markup = _library(context.environment).heading(
        label,
        query(context, sort=f"-{field}" if ascending else field),
        "ascending" if ascending else "descending" if descending else "",
        css,
    )
    return drawn


CSS_OF = (
    (forms.CheckboxInput, "check"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.ClearableFileInput, "input"),
    (forms.widgets.Input, "input"),
)


def _class_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return ""  # both are Selects by inheritance, but are drawn as choices
    return next((name for kind, name in CSS_OF if isinstance(widget, kind)), "")


@jinja2.pass_environment
def field(
    environment: jinja2.Environment,
    bound: forms.BoundField,
    hint: str = "",
    label: str = "",
    style: str = "",
    **attributes: str,
) -> Markup:
    """A form field complete: label above, hint, error, all tied by `aria-describedby` (ux.md 3.8, rule 8).

    `style`: for radios and ticks "cards", "across" or "segmented", for many ticks "list": a box that scrolls, what is
    ticked first; for a checkbox "switch"; for a file "drop".
    Other arguments become attributes of the control; `_` reads as `-` (`data_key="r"`).
    """
    widget = bound.field.widget
    extra: dict[str, str | bool] = {name.replace("_", "-"): value for name, value in attributes.items()}
    css = "check switch" if style == "switch" else _class_of(widget)
    if css:
        extra["class"] = f"{css} {widget.attrs.get('class', '')}".strip()
    described = [f"{bound.auto_id}-hint"] if (hint or bound.help_text) else []
    if bound.errors:
        described.append(f"{bound.auto_id}-error")
        extra["aria-invalid"] = "true"
    if described:
        extra["aria-describedby"] = " ".join(described)
    several = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    drawn: Markup = _library(environment).control(
        bound,
        "" if several else bound.as_widget(attrs=extra),
        label or bound.label,
        hint or bound.help_text,
        " ".join(described),
        style,
        several,
        isinstance(widget, forms.CheckboxInput),
        isinstance(widget, forms.FileInput) and style == "drop",
    )
    return drawn
