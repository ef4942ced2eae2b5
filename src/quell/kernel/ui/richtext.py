"""The one renderer of text that people write: Markdown in, safe HTML out (security.md, gate 3).

Two stages, each sufficient against script by itself: the Markdown parser takes no HTML, and whatever it
emits passes an allow-list sanitiser. Images are not drawn (a remote picture tells its owner who reads);
record numbers and bare addresses become links, and people called by name stand out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

NumberLink = Callable[[str], str | None]

# Prefixes of contract.md "HTTP": a number is how people speak of a record.
NUMBER = re.compile(r"(?<![\w/-])(?:INC|REQ|PRB|CHG|REL|TSK|KB|ALR|MI)-\d{1,9}(?![\w-])")
ADDRESS = re.compile(r"https?://[^\s<>\"'`\\]+", re.IGNORECASE)
WHOLE = re.compile(r"(?:https?://|mailto:|tel:)[^\s]", re.IGNORECASE)
TRAILING = ".,;:!?)]}'\"…"
# Controls that reorder what is read (CVE-2021-42574) and NUL say nothing and can only deceive.
DECEIVING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\x00-\x08\x0b\x0c\x0e-\x1f]")
CACHED_LENGTH = 20_000
BREAKS = ("softbreak", "hardbreak")

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a",
    "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "mark",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "code": {"class"}}
SCHEMES = {"http", "https", "mailto", "tel"}
RELATION = "noopener nofollow noreferrer"


#: In place of an address: the words call somebody.
CALLED = "@"


def _pieces(text: str, link: NumberLink | None, called: re.Pattern[str] | None) -> Iterator[tuple[str, str | None]]:
    """Cut a run of plain text into (words, address, CALLED or None)."""
    found: list[tuple[int, int, str]] = []
    for match in ADDRESS.finditer(text):
        words = match.group().rstrip(TRAILING)
        found.append((match.start(), match.start() + len(words), words))
    if link is not None:
        for match in NUMBER.finditer(text):
            target = link(match.group())
            if target and not any(start <= match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), target))
    if called is not None:
        taken = [(start, end) for start, end, _ in found]
        found += [
            (match.start(), match.end(), CALLED)
            for match in called.finditer(text)
            if not any(start < match.end() and match.start() < end for start, end in taken)
        ]
    position = 0
    for start, end, target in sorted(found):
        if start > position:
            yield text[position:start], None
        yield text[start:end], target
        position = end
    if position < len(text):
        yield text[position:], None


def _linked(children: list[Token], link: NumberLink | None, called: re.Pattern[str] | None) -> list[Token]:
    """The inline tokens with links put round addresses and numbers and marks round names, never inside a link."""
    out: list[Token] = []
    depth = 0
    for token in children:
        depth += (token.type == "link_open") - (token.type == "link_close")
        if token.type != "text" or depth:
            out.append(token)
            continue
        for words, target in _pieces(token.content, link, called):
            text = Token("text", "", 0, content=words)
            if target is None:
                out.append(text)
            elif target == CALLED:
                out += [Token("mark_open", "mark", 1), text, Token("mark_close", "mark", -1)]
            else:
                out += [Token("link_open", "a", 1, attrs={"href": target}), text, Token("link_close", "a", -1)]
    return out


def _link_rule(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = _linked(token.children, state.env.get("number_link"), state.env.get("called"))


class _Parser(MarkdownIt):
    """Takes links only to whole addresses of the allowed schemes; what else looks like a link stays text."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return WHOLE.match(url) is not None


def _parser() -> MarkdownIt:
    parser = _Parser("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    parser.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])
    parser.core.ruler.push("quell_links", _link_rule)
    return parser


PARSER = _parser()


def _render(text: str, link: NumberLink | None, called: tuple[str, ...] = ()) -> str:
    names = "|".join(re.escape(name) for name in sorted(called, key=len, reverse=True) if name)
    pattern = re.compile(rf"@(?:{names})(?![A-Za-z0-9])", re.IGNORECASE) if names and "@" in text else None
    clean = DECEIVING.sub("", text.replace("\r\n", "\n"))
    html: str = PARSER.render(clean, {"number_link": link, "called": pattern})
    return sanitise(html)


_cached = lru_cache(maxsize=2048)(_render)


def sanitise(html: str) -> str:
    """Keep the allowed tags, attributes and address schemes; drop everything else. For mail and imports too."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=RELATION,
        clean_content_tags={"script", "style", "title", "template", "noscript"},
    )


def render(text: str, *, number_link: NumberLink | None = None, called: tuple[str, ...] = ()) -> Markup:
    """Markdown as safe HTML.

    `number_link` turns a record number into an address, or None for no link; it must be a pure function
    of the number, because what is rendered is remembered. `called` holds the names and addresses of people: each
    with an @ before it stands out.
    """
    draw = _cached if len(text) <= CACHED_LENGTH else _render
    return Markup(draw(text, number_link, called))  # noqa: S704 - the sanitiser's output


def plain(text: str, length: int = 160) -> str:
    """The words alone on one line, for previews and notifications; at most `length` characters."""
    words: list[str] = []
    for token in PARSER.parse(DECEIVING.sub("", text)):
        if token.children:
            words += [" " if child.type in BREAKS else child.content for child in token.children]
        elif token.type in ("fence", "code_block"):
            words.append(token.content)
        words.append(" ")
    line = " ".join("".join(words).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
