"""The navigation of the agents' frame: each workspace registers its sections, the frame shows them on every page.

Workspaces do not know each other; they meet here. A section is a function of the request and the actor, asked
again for every page, so that nobody is shown a door that is closed to them. A workspace registers in its
`AppConfig.ready`:

    navigation.register("desk", 10, sections_of_the_desk)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from django.http import HttpRequest

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import NotSignedIn

from .signed_in import actor_of


@dataclass(frozen=True, slots=True)
class Item:
    """One link. `current` is worked out from the address when it is left out; `count` is a tally beside the label,
    `hot` draws the eye to it; `key` is a shortcut such as "g q". `exact`: only this very address is the current one,
    otherwise everything below it counts."""

    label: str
    url: str
    icon: str
    count: int | None = None
    hot: bool = False
    current: bool | None = None
    key: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of links; the first group of a workspace often has no title."""

    title: str
    links: list[Item] = field(default_factory=list)


Content = Callable[[HttpRequest, Actor], Sequence[Item | Section]]
_sections: dict[str, tuple[int, Content]] = {}


def register(section_key: str, order: int, content: Content) -> None:
    """Add a workspace's part of the navigation. `content` returns items (one group without a title) or sections, or
    nothing for people who have no business there. Parts stand in the order of `order`, low first.
    """
    if section_key in _sections:
        raise ValueError(f"navigation section {section_key} is registered twice")
    _sections[section_key] = (order, content)


def sections(request: HttpRequest, actor: Actor) -> list[Section]:
    """Everything this person can go to from here, in order, the present place marked."""
    found: list[Section] = []
    for _key, (_order, content) in sorted(_sections.items(), key=lambda known: (known[1][0], known[0])):
        loose: list[Item] = []
        for part in content(request, actor):
            if isinstance(part, Section):
                found.append(part)
            else:
                loose.append(part)
        if loose:
            found.append(Section("", loose))
    return _with_place(request, [section for section in found if section.links])


def _with_place(request: HttpRequest, found: list[Section]) -> list[Section]:
    """Mark the link that stands for this address: the longest that contains it. An item that says itself whether it
    is current is believed."""
    path = request.path.rstrip("/") or "/"
    links = [item for section in found for item in section.links]
    open_ones = [item for item in links if item.current is None and _contains(item, path)]
    here = max(open_ones, key=lambda item: len(item.url), default=None)
    if any(item.current for item in links):
        here = None
    return [
        Section(
            section.title,
            [item if item.current is not None else replace(item, current=item is here) for item in section.links],
        )
        for section in found
    ]


def _contains(item: Item, path: str) -> bool:
    address = item.url.split("?")[0].rstrip("/") or "/"
    if item.exact or address == "/":
        return path == address
    return path == address or path.startswith(address + "/")


def for_request(request: HttpRequest) -> list[Section]:
    """The navigation of a page; empty for visitors. `nav` of the frame's context, worked out only when drawn."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    try:
        return sections(request, actor_of(request))
    except NotSignedIn:
        return []
