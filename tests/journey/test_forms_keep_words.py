"""Every form in which words are typed keeps them: it says under which name (`data-draft`), or it is the composer.

The forms are those of the product's own list of addresses (places.py), as pages and as the parts that scripts fetch,
so a new form is found without being asked. What needs no keeping is named here with its reason.
"""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.test import Client

from . import places
from .conftest import House, Known

#: Pages on which a form keeps nothing.
NOTHING_TO_KEEP = {
    "sign-in": "an address and a password",
    "sign-in/forgot": "an address",
    "sign-in/new-password/<str:uidb64>/<str:token>": "a password",
    "profile/password": "a password",
    "profile/tokens": "the answer shows the secret, once",
    "admin/demonstration": "a word that says one is sure",
    "styleguide": "samples",
    "styleguide/<slug:name>": "samples",
}
WORDS = ("text", "email", "tel", "url")
ROUTES = [route for route in places.routes() if route != places.API_DOCS]


class Forms(HTMLParser):
    """The posted forms of a page in which words are typed and which name no draft."""

    def __init__(self) -> None:
        super().__init__()
        self.forgetful: list[str] = []
        self._form: dict[str, str | None] | None = None
        self._typed: list[str] = []
        self._composer = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "quell-composer":
            self._composer += 1
        elif tag == "form":
            self._form, self._typed = given, []
        elif self._form is not None and "name" in given and "data-no-draft" not in given:
            if tag == "textarea" or (tag == "input" and given.get("type", "text") in WORDS):
                self._typed.append(str(given["name"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "quell-composer":
            self._composer -= 1
        elif tag == "form" and self._form is not None:
            posted = str(self._form.get("method", "")).lower() == "post"
            if posted and self._typed and not self._composer and not self._form.get("data-draft"):
                self.forgetful.append(f"{self._form.get('action')}: {', '.join(self._typed)}")
            self._form = None


@pytest.fixture(scope="module")
def browsers(house: House) -> dict[str, Client]:
    """Everybody's, signed in."""
    found = {"": Client()}
    for name in ("claire", "amira", "root"):
        found[name] = Client()
        found[name].force_login(getattr(house.people, name))
    return found


@pytest.mark.parametrize("route", ROUTES, ids=[f"/{route}" for route in ROUTES])
def test_every_form(browsers: dict[str, Client], known: Known, route: str) -> None:
    found, statuses = set(), set()
    for who in places.visitors(route):
        for address in places.addresses(route, known):
            for headers in ({}, {"HX-Request": "true", "HX-Request-Type": "partial"}):
                answer = browsers[who].get(address, headers=headers)
                statuses.add(answer.status_code)
                if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
                    forms = Forms()
                    forms.feed(answer.content.decode())
                    found.update(forms.forgetful)
    assert route in NOTHING_TO_KEEP or not found, sorted(found)
    assert statuses != {404}, "the example in places.py is of nothing there is"


def test_the_exceptions_are_pages() -> None:
    assert set(NOTHING_TO_KEEP) <= set(ROUTES)
