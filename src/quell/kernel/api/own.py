"""What people keep for themselves: how pages speak to them, and their keyboard."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, StrictBool

from quell.kernel.actions.directory import profile
from quell.kernel.actions.registry import Inputs
from quell.kernel.people import keys

from .answers import answer
from .authentication import actor_of
from .openapi import versioned
from .versions import expected, with_version

router = Router(tags=["Me"])
PreferencesBody = with_version(profile.Profile, "EditPreferences")
KeysBody = with_version(profile.OwnKeys, "EditKeyboard")


class Preferences(BaseModel):
    """How pages speak to the caller. An empty language is the browser's, an empty zone the installation's, an empty
    theme the system's."""

    language: str
    timezone: str
    theme: str
    single_key_shortcuts: bool
    version: int


class Tour(Inputs):
    """`due`: five notes wait on the caller's home page, and say where things are."""

    due: StrictBool


class Command(BaseModel):
    """A command: the key in force, the one it came with, what it does and where."""

    key: str
    default: str
    label: str
    where: str


class Keyboard(BaseModel):
    """Every command of the keyboard. `own` holds only what differs, by the key it came with."""

    commands: list[Command]
    own: dict[str, str]
    single_key_shortcuts: bool
    version: int


@router.get("/me/preferences", response=Preferences, summary="One's own preferences", operation_id="readPreferences")
def preferences(request: HttpRequest) -> HttpResponse:
    """What the profile page shows."""
    found, version = profile.preferences(actor_of(request))
    return answer({name: value for name, value in found.items() if name != "keys"} | {"version": version})


@router.patch(
    "/me/preferences", response=Preferences, summary="Choose one's own preferences", operation_id="editPreferences"
)
@versioned
def change_preferences(request: HttpRequest, body: PreferencesBody) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given."""
    data, version = expected(request, body)
    profile.change_profile(actor_of(request), data, version=version)
    return preferences(request)


@router.get("/me/tour", response=Tour, summary="Whether one is to be shown round", operation_id="readTour")
def tour(request: HttpRequest) -> HttpResponse:
    """True after the first sign-in, until the notes are read or closed."""
    return answer({"due": profile.round_due(actor_of(request))})


@router.put("/me/tour", response=Tour, summary="Be shown round again, or not", operation_id="putTour")
def put_tour(request: HttpRequest, body: Tour) -> HttpResponse:
    """Put the notes on one's home page, or take them away; saying it twice changes nothing more."""
    profile.shown_round(actor_of(request), again=body.due)
    return tour(request)


@router.get("/me/keyboard", response=Keyboard, summary="One's own keyboard", operation_id="readKeyboard")
def keyboard(request: HttpRequest) -> HttpResponse:
    """The commands with the keys in force for the caller."""
    found, version = profile.preferences(actor_of(request))
    return answer(
        {
            "commands": [_command(line) for line in keys.lines(found["keys"])],
            "own": keys.read(found["keys"]),
            "single_key_shortcuts": found["single_key_shortcuts"],
            "version": version,
        }
    )


def _command(line: keys.Line) -> dict[str, Any]:
    command = line.command
    return {"key": line.key, "default": command.key, "label": str(command.label), "where": str(command.where)}


@router.patch("/me/keyboard", response=Keyboard, summary="Choose one's own keys", operation_id="editKeyboard")
@versioned
def change_keyboard(request: HttpRequest, body: KeysBody) -> HttpResponse:  # type: ignore[valid-type]
    """Give commands other keys; 422 when two would fight for one. Null goes back to the key a command came with."""
    data, version = expected(request, body)
    profile.change_keys(actor_of(request), data, version=version)
    return keyboard(request)
