"""Settings are found by their words, on the page and in the palette, and say where their value comes from."""

from __future__ import annotations

import re

import pytest

from quell.kernel.config.options import all_options
from quell.kernel.testing.cast import Cast

from .conftest import Door

pytestmark = pytest.mark.django_db

REOPEN = "incidents.reopen_window_days"
PAGE = "/admin/settings"


def rows(page: str) -> list[str]:
    """Keys of the settings a page shows."""
    return re.findall(r'for="id_([^"]+)"', page)


def palette(as_: Door, who: str, typed: str) -> str:
    return as_(who).get("/palette", {"q": typed}).content.decode()


def test_without_words_all_are_shown_and_words_narrow(as_: Door) -> None:
    client = as_("root")
    assert sorted(rows(client.get(PAGE).content.decode())) == [option.key for option in all_options()]
    assert rows(client.get(PAGE, {"q": "REOPEN window"}).content.decode()) == [REOPEN]
    none = client.get(PAGE, {"q": "no such words anywhere"}).content.decode()
    assert rows(none) == [] and "No setting fits" in none


def test_where_a_value_comes_from(folk: Cast, as_: Door) -> None:
    client = as_("root")
    place = {"organisation": "gungun", "q": REOPEN}
    assert "as it came" in client.get(PAGE, place).content.decode()
    client.post(PAGE, {REOPEN: "30"})
    assert "set for the instance" in client.get(PAGE, place).content.decode()
    client.post(f"{PAGE}?organisation=gungun", {REOPEN: "7"})
    page = client.get(PAGE, place).content.decode()
    assert "set for this organisation" in page and "Back to the instance" in page and REOPEN in page


def test_one_goes_back_and_the_page_still_says_who_did_it(folk: Cast, as_: Door) -> None:
    client = as_("root")
    client.post(PAGE, {REOPEN: "30", "incidents.transfer_limit": "9"})
    # The rest of the form is not sent along: only the named one goes back.
    assert client.post(PAGE, {"reset": REOPEN, "incidents.transfer_limit": "8"}).status_code == 302
    kept = {option.key: option.get() for option in all_options()}
    assert (kept[REOPEN], kept["incidents.transfer_limit"]) == (14, 9)
    page = client.get(PAGE, {"q": REOPEN}).content.decode()
    assert "Changed by Root" in page and 'name="reset"' not in page
    assert client.post(PAGE, {"reset": "no.such"}).status_code == 422


def test_the_palette_knows_settings_and_pages_for_those_who_may(as_: Door) -> None:
    found = palette(as_, "root", ":reopen")
    assert f"{PAGE}#id_{REOPEN}" in found
    assert "/admin/people" in palette(as_, "root", ":people")
    for stranger in ("raj", "claire"):
        assert "/admin/" not in palette(as_, stranger, ":people") + palette(as_, stranger, "reopen")


def test_an_empty_palette_is_not_filled_with_settings(as_: Door) -> None:
    assert PAGE not in palette(as_, "root", "")
    assert PAGE in palette(as_, "root", ":")
