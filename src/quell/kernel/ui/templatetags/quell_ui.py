"""The design system in templates; every tag is shown on /styleguide and in docs/reference/design-system.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms, template
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from quell.kernel.ui import marks, moments, richtext

register = template.Library()

register.simple_tag(marks.icon, name="icon")
register.simple_tag(marks.priority, name="priority")
register.simple_tag(marks.state, name="state")
register.simple_tag(marks.tag, name="tag")
register.simple_tag(marks.avatar, name="avatar")
register.simple_tag(marks.when, name="when")
register.filter("filesize", moments.size)
register.filter("duration", moments.duration)


@register.filter
def clock(moment: datetime) -> str:
    """`{{ moment|clock }}`: 14:05 in the active zone."""
    return moments.clock(moment)


@register.filter
def markdown(text: str | None) -> SafeString:
    """`{{ text|markdown }}`: what a person wrote, rendered safely, without links on record numbers."""
    return richtext.render(text or "")


@register.filter
def excerpt(text: str | None, length: int = 160) -> str:
    """`{{ text|excerpt:90 }}`: the words of a Markdown text on one line."""
    return richtext.plain(text or "", length)


@register.simple_tag(takes_context=True)
def prose(context: template.Context, text: str | None) -> SafeString:
    """`{% prose reply.body %}`: rendered in a prose block; numbers link through `number_link` of the context."""
    link: Callable[[str], str | None] | None = context.get("number_link")
    html = richtext.render(text or "", number_link=link)
    return format_html('<div class="prose" dir="auto">{}</div>', html)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """`?…` of this page with some parameters changed; None or "" removes one. The cursor always starts anew.

    `<a href="{% query sort="-opened_at" %}">`
    """
    request = context.get("request")
    params: QueryDict = request.GET.copy() if request is not None else QueryDict(mutable=True)
    params.pop("cursor", None)
    for name, value in changes.items():
        if value is None or value == "":
            params.pop(name, None)
        elif isinstance(value, list | tuple):
            params.setlist(name, [str(one) for one in value])
        else:
            params[name] = str(value)
    encoded = params.urlencode()
    return "?" + encoded if encoded else "?"


@register.simple_tag(takes_context=True)
def query_toggle(context: template.Context, name: str, value: object) -> str:
    """`?…` with one value of a multi-value parameter put in, or taken out when it is there."""
    request = context.get("request")
    params: QueryDict = request.GET.copy() if request is not None else QueryDict(mutable=True)
    params.pop("cursor", None)
    values = params.getlist(name)
    word = str(value)
    params.setlist(name, [one for one in values if one != word] if word in values else [*values, word])
    return "?" + params.urlencode()


@register.inclusion_tag("ui/components/sort_header.html", takes_context=True)
def sort_header(context: template.Context, field: str, label: str, **extra: Any) -> dict[str, Any]:
    """A `<th scope="col">` whose link sorts by `field`; a second press turns the order."""
    request = context.get("request")
    current = (request.GET.get("sort") if request is not None else None) or context.get("sort", "")
    ascending, descending = current == field, current == f"-{field}"
    return {
        "label": label,
        "url": query(context, sort=f"-{field}" if ascending else field),
        "direction": "ascending" if ascending else "descending" if descending else "",
        "sign": "arrow-up" if ascending else "arrow-down",
        **extra,
    }


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


@register.simple_tag
def field(bound: forms.BoundField, hint: str = "", label: str = "", style: str = "", **attributes: str) -> SafeString:
    """A form field complete: label above, hint, error, all tied by `aria-describedby` (ux.md 3.8, rule 8).

    `style`: for radios "cards", "across" or "segmented"; for a checkbox "switch"; for a file "drop".
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
    return render_to_string(
        "ui/components/field.html",
        {
            "bound": bound,
            "label": label or bound.label,
            "hint": hint or bound.help_text,
            "described": " ".join(described),
            "style": style,
            "several": several,
            "checkbox": isinstance(widget, forms.CheckboxInput),
            "file": isinstance(widget, forms.FileInput) and style == "drop",
            "control": "" if several else bound.as_widget(attrs=extra),
        },
    )
