"""The agreements' addresses."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from quell.kernel.actions.registry import NoInputs
from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.pagination import Cursor, Limit, Words, page, read_cursor
from quell.kernel.api.versions import expected, with_version
from quell.kernel.config.refusal import NotFound

from .. import facade
from ..actions.inputs import AgreementChange, Because, NewAgreement, Sign, VersionChange
from . import schemas

router = Router(tags=["Agreements"])
LIST = "agreements"
Change = with_version(AgreementChange, "EditAgreement")
Write = with_version(VersionChange, "WriteAgreementVersion")
Signing = with_version(Sign, "SignAgreement")
Ending = with_version(Because, "TerminateAgreementVersion")
Nothing = with_version(NoInputs, "MoveAgreement")
_HEAD = (*schemas.Agreement.model_fields,)
_VERSION = (*schemas.Version.model_fields,)
_TARGET = (*schemas.Target.model_fields,)
_SIGNATURE = (*schemas.Signature.model_fields,)
Kind = Annotated[Literal["sla", "ola", "uc"] | None, Field(description="With a customer, a team, a supplier.")]
State = Annotated[str | None, Field(max_length=20, description="The state of the version that counts.")]
Number = Annotated[int, Field(ge=1, le=999_999)]


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """An agreement as lists show it."""
    return {name: row[name] for name in _HEAD if name != "url"} | {"url": address(LIST, row["code"])}


def whole(row: dict[str, Any]) -> dict[str, Any]:
    """An agreement with its versions."""
    return {**shown(row), "version": row["version"], "versions": [_version(one) for one in row["versions"]]}


def _version(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in _VERSION},
        "signatures": [{name: one[name] for name in _SIGNATURE} for one in row["signatures"]],
        "targets": [
            {**{name: one[name] for name in _TARGET}, "goal_percent": float(one["goal_percent"])}
            for one in row["targets"]
        ],
        "tiers": [
            {"below": float(one["below"]), "credit": float(one["credit"]), "text": one["text"]} for one in row["tiers"]
        ],
    }


@router.post(
    "/agreements", response={201: schemas.AgreementWhole}, summary="Make an agreement", operation_id="createAgreement"
)
@repeatable
def create(request: HttpRequest, body: NewAgreement) -> HttpResponse:
    """An SLA, OLA or supplier's contract with an empty draft; for who manages agreements."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        made = whole(facade.agreement(actor, facade.create(actor, body)))
        return created(made, made["url"])

    return once(request, act)


@router.get("/agreements", response=schemas.AgreementPage, summary="List agreements", operation_id="listAgreements")
def listing(
    request: HttpRequest,
    q: Words = "",
    kind: Kind = None,
    state: State = None,
    organisation: Annotated[str | None, Field(max_length=60)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> HttpResponse:
    """Agreements that touch the organisations the caller works or manages in, by code."""
    asked = facade.Asked(q, kind, state, organisation, limit, read_cursor(LIST, cursor))
    return page(LIST, facade.agreements(actor_of(request), asked), limit, "code", shown)


@router.get(
    "/agreements/{code}", response=schemas.AgreementWhole, summary="Read an agreement", operation_id="readAgreement"
)
def read(request: HttpRequest, code: str) -> HttpResponse:
    """One agreement with all its versions, newest first."""
    return answer(whole(facade.agreement(actor_of(request), code)))


@router.patch(
    "/agreements/{code}", response=schemas.AgreementWhole, summary="Change an agreement", operation_id="editAgreement"
)
@versioned
def edit(request: HttpRequest, code: str, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Its name, its owner, and until something has been agreed who it is with. What it promises is in its versions."""
    data, version = expected(request, body)
    facade.edit(actor_of(request), code, data, version=version)
    return read(request, code)


@router.patch(
    "/agreements/{code}/draft",
    response=schemas.AgreementWhole,
    summary="Write in the next version",
    operation_id="writeAgreementVersion",
)
@versioned
def write(request: HttpRequest, code: str, body: Write) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given of the version that is being written; `targets` replaces all of them. What was
    signed already is signed no more."""
    data, version = expected(request, body)
    facade.write(actor_of(request), code, data, version=version)
    return read(request, code)


@router.post(
    "/agreements/{code}/draft",
    response=schemas.AgreementWhole,
    summary="Begin the next version",
    operation_id="draftAgreementVersion",
)
@versioned
def draft(request: HttpRequest, code: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """A draft that says what the last version says."""
    facade.draft(actor_of(request), code, version=expected(request, body)[1])
    return read(request, code)


@router.post(
    "/agreements/{code}/discard",
    response=schemas.AgreementWhole,
    summary="Throw a draft away",
    operation_id="discardAgreementVersion",
)
@versioned
def discard(request: HttpRequest, code: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """The version that is being written goes; what it said stays in the history."""
    facade.discard(actor_of(request), code, version=expected(request, body)[1])
    return read(request, code)


@router.post(
    "/agreements/{code}/propose",
    response=schemas.AgreementWhole,
    summary="Propose a version",
    operation_id="proposeAgreementVersion",
)
@versioned
def propose(request: HttpRequest, code: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """Put the draft before both sides. Refused while it promises nothing."""
    facade.propose(actor_of(request), code, version=expected(request, body)[1])
    return read(request, code)


@router.post(
    "/agreements/{code}/revise",
    response=schemas.AgreementWhole,
    summary="Take a proposal back",
    operation_id="reviseAgreementVersion",
)
@versioned
def revise(request: HttpRequest, code: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """It is a draft again, and nobody has signed it."""
    facade.revise(actor_of(request), code, version=expected(request, body)[1])
    return read(request, code)


@router.post(
    "/agreements/{code}/sign",
    response=schemas.AgreementWhole,
    summary="Sign a version",
    operation_id="signAgreementVersion",
)
@versioned
def sign(request: HttpRequest, code: str, body: Signing) -> HttpResponse:  # type: ignore[valid-type]
    """For one side, or for both. With the second signature it is agreed, and in force once its first day has come."""
    data, version = expected(request, body)
    facade.sign(actor_of(request), code, data, version=version)
    return read(request, code)


@router.post(
    "/agreements/{code}/versions/{version_number}/terminate",
    response=schemas.AgreementWhole,
    summary="End a version before its time",
    operation_id="terminateAgreementVersion",
)
@versioned
def terminate(request: HttpRequest, code: str, version_number: int, body: Ending) -> HttpResponse:  # type: ignore[valid-type]
    """What it promised holds until now; `reason` is kept."""
    data, version = expected(request, body)
    facade.terminate(actor_of(request), code, version_number, data, version=version)
    return read(request, code)


@router.get(
    "/agreements/{code}/versions/{version_number}/chain",
    response=schemas.Chain,
    summary="Check the chain behind an SLA",
    operation_id="checkAgreementChain",
)
def check_chain(request: HttpRequest, code: str, version_number: int) -> HttpResponse:
    """Whether teams and suppliers on every route can keep each promise; what cannot hold comes first."""
    links = facade.chain_check(actor_of(request), code, version_number)
    fields = (*schemas.ChainLink.model_fields,)
    return answer({"links": [{name: one for name, one in asdict(link).items() if name in fields} for link in links]})


@router.get(
    "/agreements/{code}/differences",
    response=schemas.Differences,
    summary="Compare two versions",
    operation_id="compareAgreementVersions",
)
def compare(request: HttpRequest, code: str, older: Number, newer: Number) -> HttpResponse:
    """What changed between two versions of an agreement, line by line."""
    row = facade.agreement(actor_of(request), code)
    try:
        found = facade.differences(row, older, newer)
    except KeyError:
        raise NotFound(_("This agreement has no such version.")) from None
    return answer({"older": older, "newer": newer, "differences": [asdict(one) for one in found]})


@router.get(
    "/target-choice", response=schemas.Choice, summary="Ask which target applies", operation_id="readTargetChoice"
)
def choice(
    request: HttpRequest,
    metric: Annotated[str, Field(min_length=1, max_length=60)],
    organisation: Annotated[str, Field(min_length=1, max_length=60, description="The requester's, by code.")],
    service: Annotated[str | None, Field(max_length=60)] = None,
    priority: Annotated[int | None, Field(ge=1, le=5)] = None,
    kind: Annotated[str, Field(max_length=20, description="A kind of record.")] = "incident",
    team: Annotated[str | None, Field(max_length=60, description="Who has it.")] = None,
) -> HttpResponse:
    """Which target of a metric would apply to such a record now, and why each other would not."""
    asked = {"metric": metric, "organisation": organisation, "service": service, "priority": priority, "kind": kind}
    return answer(asdict(facade.try_case(actor_of(request), {**asked, "team": team})))
