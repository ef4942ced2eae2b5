"""The caller's own API tokens."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from quell.kernel.actions.directory import reading
from quell.kernel.actions.directory import tokens as acts
from quell.kernel.actions.directory.tokens import NewToken
from quell.kernel.actions.registry import NoInputs

from . import directory_schemas as shapes
from .answers import address, answer, created
from .authentication import actor_of

router = Router(tags=["Tokens"])


@router.post("/tokens", response={201: shapes.NewTokenShown}, summary="Make a token", operation_id="createToken")
def create(request: HttpRequest, body: NewToken) -> HttpResponse:
    """Make a token for oneself. The secret is in this answer and nowhere else, so it cannot be asked for again."""
    actor = actor_of(request)
    token_id, secret = acts.create_token(actor, body)
    return created({**reading.token(actor, token_id), "token": secret}, address("tokens", token_id))


@router.get("/tokens", response=shapes.TokenList, summary="List own tokens", operation_id="listTokens")
def listing(request: HttpRequest) -> HttpResponse:
    """The caller's tokens, newest first, revoked ones too."""
    return answer({"items": reading.tokens(actor_of(request)), "next_cursor": None})


@router.get("/tokens/{int:token_id}", response=shapes.Token, summary="Read an own token", operation_id="readToken")
def read(request: HttpRequest, token_id: int) -> HttpResponse:
    """One of the caller's tokens."""
    return answer(reading.token(actor_of(request), token_id))


@router.post(
    "/tokens/{int:token_id}/revoke", response=shapes.Token, summary="End an own token", operation_id="revokeToken"
)
def revoke(request: HttpRequest, token_id: int, body: NoInputs) -> HttpResponse:
    """At once; a token may end itself."""
    acts.revoke_token(actor_of(request), token_id)
    return read(request, token_id)
