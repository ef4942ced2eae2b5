"""The first set-up for programs: how far it is, and a mail to try the mail server with."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from quell.kernel.actions import set_up, trial_mail
from quell.kernel.actions.registry import Inputs
from quell.kernel.config.refusal import NotFound

from .answers import answer, seeks
from .authentication import actor_of
from .idempotency import once
from .openapi import repeatable

router = Router(tags=["Set-up"])


class StepShown(BaseModel):
    """A step of the set-up, in its order."""

    step: Literal[set_up.STEPS]  # type: ignore[valid-type]
    label: str
    state: Literal["open", "done", "skipped"]


class SetUp(BaseModel):
    """All steps. `next` is where to go on; `mail_server` says whether one is named at all."""

    steps: list[StepShown]
    next: str
    complete: bool
    mail_server: bool


class TestMail(Inputs):
    """Where the mail goes."""

    email: str = Field(min_length=1, max_length=254)


class TestMailOutcome(BaseModel):
    """The latest test mail. `state` is waiting, sent, failed, or lost when no worker has taken it within twenty
    seconds; `fault` is a code, `answer` what the mail server said to it, `sentence` what to do."""

    state: Annotated[str, Field(description="waiting, sent, failed or lost")]
    to: str
    at: datetime
    seconds: float
    fault: str | None
    answer: str | None
    sentence: str


def _trial() -> dict[str, Any]:
    found = trial_mail.latest(set_up.progress().step(set_up.MAIL))
    if found is None:
        raise NotFound(_("No test mail has been asked for yet."))
    return {
        "state": found.state,
        "to": found.to,
        "at": found.at,
        "seconds": found.seconds,
        "fault": found.fault or None,
        "answer": found.answer or None,
        "sentence": found.sentence,
    }


@router.get("/set-up", response=SetUp, summary="How far the set-up is", operation_id="readSetUp")
def read(request: HttpRequest) -> HttpResponse:
    """For administrators of the whole instance."""
    set_up.must_guide(actor_of(request))
    found = set_up.progress()
    return answer(
        {
            "steps": [{"step": step.code, "label": step.label, "state": step.state or "open"} for step in found.steps],
            "next": found.next.code,
            "complete": found.complete,
            "mail_server": not trial_mail.sink(),
        }
    )


@router.get(
    "/set-up/test-mail", response=TestMailOutcome, summary="What came of the test mail", operation_id="readTestMail"
)
@seeks
def trial(request: HttpRequest) -> HttpResponse:
    """The latest; ask again every second while it is waiting."""
    set_up.must_guide(actor_of(request))
    return answer(_trial())


@router.post(
    "/set-up/test-mail", response={202: TestMailOutcome}, summary="Send a test mail", operation_id="sendTestMail"
)
@repeatable
def send(request: HttpRequest, body: TestMail) -> HttpResponse:
    """A worker sends it, once; 409 when no mail server is named."""

    def act() -> HttpResponse:
        trial_mail.ask(actor_of(request), body.email, field="email")
        return answer(_trial(), status=202)

    return once(request, act)
