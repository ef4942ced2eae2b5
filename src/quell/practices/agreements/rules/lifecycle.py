"""The life of a version of an agreement (domain.md 4.9)."""

from __future__ import annotations

from quell.engines.lifecycle import Lifecycle, State, move

DRAFT, NEGOTIATION, AGREED = "draft", "negotiation", "agreed"
ACTIVE, UNDER_REVIEW = "active", "under_review"
RENEWED, EXPIRED, TERMINATED = "renewed", "expired", "terminated"

#: What can still be written in.
OPEN = (DRAFT, NEGOTIATION)
#: What holds now, whether or not its review is due.
IN_FORCE = (ACTIVE, UNDER_REVIEW)
#: What is settled and not over: one more cannot begin beside it unseen.
SETTLED = (AGREED, *IN_FORCE)

AGREEMENT = Lifecycle(
    states=[
        State(DRAFT, "new"),
        State(NEGOTIATION, "waiting"),
        State(AGREED, "waiting"),
        State(ACTIVE, "active"),
        State(UNDER_REVIEW, "active"),
        State(RENEWED, "closed", final=True),
        State(EXPIRED, "closed", final=True),
        State(TERMINATED, "closed", final=True),
    ],
    transitions=[
        move("propose", [DRAFT], NEGOTIATION),
        move("revise", [NEGOTIATION], DRAFT),
        move("sign", [NEGOTIATION]),
        # By the second signature; from here on nothing in it changes.
        move("agree", [NEGOTIATION], AGREED),
        # By the day it begins, by its review date less the lead, by its last day, and by the version that follows it.
        move("activate", [AGREED], ACTIVE),
        move("review", [ACTIVE], UNDER_REVIEW),
        move("renew", IN_FORCE, RENEWED),
        move("expire", IN_FORCE, EXPIRED),
        move("terminate", SETTLED, TERMINATED),
    ],
    initial=DRAFT,
)
