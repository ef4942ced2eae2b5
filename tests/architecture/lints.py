"""The house's own lints: habits that ruff does not know, each with the reason and what to write instead.

A lint looks at one file and yields the lines at fault. What stands in `exceptions.toml` is let through with
its reason; an exception that is no longer needed fails the check, so that the list only shrinks.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .tree import Source, dotted


@dataclass(frozen=True)
class Lint:
    """One habit: its name, where it holds, how to find what breaks it, and what to do instead."""

    code: str
    instead: str
    applies: Callable[[Source], bool]
    find: Callable[[Source], Iterator[int]]


def everywhere(source: Source) -> bool:
    """Any file."""
    return True


def a_door(source: Source) -> bool:
    """Pages and endpoints: `web/` and `api/` of a room, every workspace, and the two faces of the kernel."""
    parts = source.parts
    if parts[0] == "workspaces" or parts[:2] in {("kernel", "ui"), ("kernel", "api")}:
        return True
    return "web" in parts[2:] or "api" in parts[2:]


def pure(source: Source) -> bool:
    """Engines, and the rules and events of practices: code that never asks the time."""
    parts = source.parts
    return parts[0] == "engines" or (parts[0] == "practices" and not {"rules", "events"}.isdisjoint(parts[2:3]))


def a_practice(source: Source) -> bool:
    """Anything in `practices/`."""
    return source.parts[0] == "practices"


# --- what the finders look for -----------------------------------------------------------------------------


def calls(*names: str) -> Callable[[Source], Iterator[int]]:
    """Finds calls by dotted ending: `extra` finds `x.extra(...)`, `yaml.load` only that one."""

    def find(source: Source) -> Iterator[int]:
        for node in source.nodes:
            if isinstance(node, ast.Call):
                called = dotted(node.func) or (node.func.attr if isinstance(node.func, ast.Attribute) else "")
                if any(called == name or called.endswith("." + name) for name in names):
                    yield node.lineno

    return find


def bare_calls(*names: str) -> Callable[[Source], Iterator[int]]:
    """Finds calls of plain names only: `eval` finds `eval(...)` and not `x.eval(...)`."""

    def find(source: Source) -> Iterator[int]:
        for node in source.nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield node.lineno

    return find


def imports(*modules: str) -> Callable[[Source], Iterator[int]]:
    """Finds imports of these modules or anything below them, wherever in the file."""

    def named(module: str) -> bool:
        return any(module == wanted or module.startswith(wanted + ".") for wanted in modules)

    def find(source: Source) -> Iterator[int]:
        for node in source.nodes:
            if isinstance(node, ast.Import) and any(named(alias.name) for alias in node.names):
                yield node.lineno
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                if named(node.module) or any(named(f"{node.module}.{alias.name}") for alias in node.names):
                    yield node.lineno

    return find


def names(*wanted: str) -> Callable[[Source], Iterator[int]]:
    """Finds any use of these names, as a name, an attribute or an import."""

    def find(source: Source) -> Iterator[int]:
        for node in source.nodes:
            if (
                (isinstance(node, ast.Name) and node.id in wanted)
                or (isinstance(node, ast.Attribute) and node.attr in wanted)
                or (isinstance(node, ast.ImportFrom) and any(alias.name in wanted for alias in node.names))
            ):
                yield node.lineno

    return find


GETTEXT = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy",
    "npgettext", "npgettext_lazy",
}  # fmt: skip


def composed_gettext(source: Source) -> Iterator[int]:
    """Calls of a gettext function whose text is put together before it is looked up."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in GETTEXT:
            if any(_composed(argument) for argument in node.args):
                yield node.lineno


def _composed(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp):
        return any(
            isinstance(side, (ast.Constant, ast.JoinedStr)) and _is_text(side) for side in (node.left, node.right)
        )
    return _formatted(node)


def _formatted(node: ast.AST) -> bool:
    """`"…".format(…)` on a plain string; psycopg's `SQL("…").format(…)` is safe and is not meant."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "format"
        and isinstance(node.func.value, ast.Constant)
    )


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


TAG = re.compile(
    r"</?(a|b|br|button|code|div|em|form|h[1-6]|i|img|input|li|ol|option|p|pre|script|span|strong|t[dhr]|table|ul)\b[^<]*?>",
    re.I,
)


def built_html(source: Source) -> Iterator[int]:
    """Strings with HTML tags that are filled by f-string, `%`, `+` or `.format()`."""
    for node in source.nodes:
        if isinstance(node, ast.JoinedStr):
            pieces = [piece for piece in node.values if isinstance(piece, ast.Constant)]
            filled = len(pieces) < len(node.values)
            text = "".join("x" if not isinstance(piece, ast.Constant) else str(piece.value) for piece in node.values)
            if filled and TAG.search(text):
                yield node.lineno
        elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
            if any(_tagged(side) for side in (node.left, node.right)):
                yield node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            if _tagged(node.func.value):
                yield node.lineno


def _tagged(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(TAG.search(node.value))


def unescaped(source: Source) -> Iterator[int]:
    """`mark_safe` in any use, and texts declared safe by calling the type; the type may stand in annotations.

    `Markup("<b>{}</b>")`, a literal that `format` fills and escapes, is how small pieces are drawn; nothing else is.
    """
    yield from names("mark_safe")(source)
    for node in source.nodes:
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in {"SafeString", "SafeText", "Markup"}:
            if not (len(node.args) == 1 and isinstance(node.args[0], ast.Constant)):
                yield node.lineno


def broad_except(source: Source) -> Iterator[int]:
    """`except:`, `except Exception` and `except BaseException`, alone or in a tuple.

    A handler that tidies up and ends in a bare `raise` swallows nothing and is let through.
    """
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler) and not _raises_on(node):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(one is None or dotted(one) in {"Exception", "BaseException"} for one in caught):
                yield node.lineno


def _raises_on(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def reads_past_the_funnel(source: Source) -> Iterator[int]:
    """`.objects` and its relatives, and Django's shortcut that reads by itself."""
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
            yield node.lineno


def filled_sql(source: Source) -> Iterator[int]:
    """Statements handed to the database that are filled by `%` or `.format()`; `RawSQL` and `.extra()` at all."""
    for node in source.nodes:
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else dotted(node.func)
        if called in {"RawSQL", "extra"} and (called == "RawSQL" or isinstance(node.func, ast.Attribute)):
            yield node.lineno
        elif called in {"execute", "executemany", "raw", "copy"} and node.args:
            statement = node.args[0]
            by_percent = isinstance(statement, ast.BinOp) and isinstance(statement.op, ast.Mod)
            if by_percent or _formatted(statement):
                yield node.lineno


REFUSALS = {
    "Refusal", "Forbidden", "NotFound", "NotSignedIn", "WrongState", "Conflict", "Stale", "TooLarge", "Invalid",
    "TooMany", "FieldError", "no", "not_now",
}  # fmt: skip


def plain_refusals(source: Source) -> Iterator[int]:
    """Refusals and verdicts whose sentence is written out instead of looked up."""
    for node in source.nodes:
        if isinstance(node, ast.Call):
            called = dotted(node.func)
            position = 1 if called in {"Invalid.field", "FieldError"} else 0
            if called in REFUSALS | {"Invalid.field"} and len(node.args) > position:
                sentence = node.args[position]
                if _is_text(sentence) and getattr(sentence, "value", "filled") != "":
                    yield node.lineno


def star_imports(source: Source) -> Iterator[int]:
    """`from x import *`."""
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            yield node.lineno


def model_signals(source: Source) -> Iterator[int]:
    """Django's model signals, and reading a model by name instead of through a facade."""
    signals = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "receiver"}
    yield from names(*signals)(source)
    yield from calls("apps.get_model")(source)


NOW = calls(
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "timezone.localtime",
    "time.time", "time.monotonic", "time.perf_counter", "time.sleep",
)  # fmt: skip


LINTS = [
    Lint(
        "objects-at-the-door",
        "pages and endpoints read through queries.py or a facade, where visible_to(actor) cannot be forgotten",
        a_door,
        reads_past_the_funnel,
    ),
    Lint("asks-the-time", "take `now` as an argument; the action knows the time", pure, NOW),
    Lint("print", "use click.echo at the command line, a logger elsewhere", everywhere, bare_calls("print")),
    Lint(
        "composed-gettext",
        'look the fixed sentence up first and fill it afterwards: _("Hello %(name)s") % {"name": name}',
        everywhere,
        composed_gettext,
    ),
    Lint(
        "unsafe-html",
        "render a template, or fill Markup('<b>{}</b>') by format; HTML from people goes through the one sanitiser",
        everywhere,
        unescaped,
    ),
    Lint("built-html", "write a template, or fill Markup('<b>{}</b>') by format", everywhere, built_html),
    Lint(
        "raw-sql",
        "use the ORM, or a fixed statement with parameters (psycopg.sql for names); never .extra() or RawSQL",
        everywhere,
        filled_sql,
    ),
    Lint(
        "unpickle",
        "read JSON; pickle, marshal and shelve run what they read",
        everywhere,
        imports("pickle", "marshal", "shelve", "dill", "cloudpickle"),
    ),
    Lint("yaml-load", "use yaml.safe_load", everywhere, calls("yaml.load", "yaml.unsafe_load", "yaml.full_load")),
    Lint("eval", "write a table or a parser", everywhere, bare_calls("eval", "exec")),
    Lint(
        "outbound",
        "go through the one outbound client (allow-list, no private addresses, time-outs, size limits)",
        everywhere,
        imports("requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "ftplib"),
    ),
    Lint(
        "xml",
        "go through the one XML parser (no entities, no network)",
        everywhere,
        imports("xml.etree", "xml.dom", "xml.sax", "xml.parsers", "lxml"),
    ),
    Lint(
        "broad-except",
        "name what can go wrong; only the edges of the process (web, jobs, command line) may catch all, and log it",
        everywhere,
        broad_except,
    ),
    Lint(
        "plain-refusal",
        'the person reads this: look the sentence up, no(_("Only a desk lead can do this."))',
        everywhere,
        plain_refusals,
    ),
    Lint(
        "csrf-exempt",
        "pages keep their CSRF token; programs come with a bearer token through the API",
        everywhere,
        names("csrf_exempt"),
    ),
    Lint(
        "weak-random",
        "use `secrets` for anything that must not be guessed; play data belongs to the project storey",
        lambda source: source.parts[0] != "project",
        imports("random"),
    ),
    Lint("star-import", "import the names that are used", everywhere, star_imports),
    Lint(
        "generic-foreign-key",
        "point at the record spine or the item spine with a real foreign key",
        everywhere,
        names("GenericForeignKey", "GenericRelation"),
    ),
    Lint(
        "model-signals",
        "say it with an event of the action, or subscribe in wiring.py; ask other rooms through their facade",
        a_practice,
        model_signals,
    ),
]


# --- templates ---------------------------------------------------------------------------------------------


def pattern(expression: str) -> Callable[[Source], Iterator[int]]:
    """Finds lines of a template that match."""
    compiled = re.compile(expression, re.I)

    def find(source: Source) -> Iterator[int]:
        for number, line in enumerate(source.text.splitlines(), start=1):
            if compiled.search(line):
                yield number

    return find


def markup(expression: str) -> Callable[[Source], Iterator[int]]:
    """Finds lines whose HTML matches; what stands inside template tags is not HTML."""
    compiled = re.compile(expression, re.I)

    def find(source: Source) -> Iterator[int]:
        for number, line in enumerate(source.text.splitlines(), start=1):
            if compiled.search(re.sub(r"{%.*?%}|{{.*?}}", "{}", line)):
                yield number

    return find


SPOKEN_ATTRIBUTE = re.compile(r"\s(?:aria-label|placeholder|title|alt|data-key-label)=\"[^\"{]*[A-Za-z]{2}[^\"{]*\"")
NOT_TEXT = re.compile(
    r"{#.*?#}"
    r"|{%\s*block \w*class\s*%}.*?{%\s*endblock\s*%}"
    r"|<(script|style|kbd|code)\b.*?</\1>|<!--.*?-->|<!doctype[^>]*>",
    re.I | re.S,
)
NAMES_OF_OURS = {"Quell"}


def untranslated(source: Source) -> Iterator[int]:
    """Lines with words between tags, or in attributes that are read out, that no translation will reach."""
    text = NOT_TEXT.sub(_blank, source.text)
    for number, line in enumerate(text.splitlines(), start=1):
        if SPOKEN_ATTRIBUTE.search(line):
            yield number
    words = re.sub(r"{%.*?%}|{{.*?}}", _blank, text, flags=re.S)
    words = re.sub(r"<[^>]*>", _blank, words, flags=re.S)
    words = re.sub(r"&#?\w+;", " ", words)
    for number, line in enumerate(words.splitlines(), start=1):
        if any(word not in NAMES_OF_OURS for word in re.findall(r"[A-Za-z]{2,}", line)):
            yield number


def _blank(match: re.Match[str]) -> str:
    """As many line ends as were there, so that line numbers stay true."""
    return " " + "\n" * match.group().count("\n")


def product_html(source: Source) -> bool:
    """HTML that people see in the product; the style guide and its samples speak to developers only."""
    name = source.path.rpartition("/")[2]
    return html(source) and not name.startswith(("sample_", "styleguide"))


def html(source: Source) -> bool:
    """HTML templates, not the texts of mails."""
    return source.path.endswith(".html")


TEMPLATE_LINTS = [
    Lint(
        "unsafe-filter",
        "let the template escape; HTML from people comes out of the one sanitiser already marked",
        everywhere,
        pattern(r"\|\s*safe\b|{%-?\s*autoescape\b|\bMarkup\b"),
    ),
    Lint(
        "inline-script",
        "put the script into static/ as a module: the content security policy refuses inline code",
        html,
        markup(
            r"<script(?![^>]*\bsrc=)(?![^>]*\btype=[\"']application/(ld\+)?json[\"'])[^>]*>|\son[a-z]+\s*=\s*[\"']|javascript:"
        ),
    ),
    Lint(
        "inline-style",
        "write a class: the content security policy refuses inline styles",
        html,
        markup(r"\sstyle\s*=\s*[\"']|<style\b"),
    ),
    Lint(
        "untranslated",
        'put the words into {{ _("…") }}, with their values as arguments; attributes that are read out as well',
        product_html,
        untranslated,
    ),
]
