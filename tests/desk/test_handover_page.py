"""The hand-over on the ticket: what the receiver, the sender and the lead see, and what they may do."""

from __future__ import annotations

from typing import Any

import pytest

from quell.kernel.records.models import Record
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade

from .conftest import Enter, Report


@pytest.fixture
def handed(people: Cast, report: Report) -> str:
    number = report()
    amira = people.actor("amira")
    facade.act(amira, "start", number)
    said = {"team": "network", "reason_code": "needs_skill", "reason": "it is the switch", "done": "Rebooted it"}
    facade.act(amira, "transfer", number, said)
    return number


def page(enter: Enter, person: Any, number: str) -> str:
    return enter(person).get(f"/incidents/{number}").content.decode()


def test_the_receiver_may_answer(people: Cast, enter: Enter, handed: str) -> None:
    seen = page(enter, people.jonas, handed)
    assert "Amira hands this to Network." in seen
    assert "Needs other skills · it is the switch" in seen
    assert "Amira stays the owner." in seen
    assert f"/incidents/{handed}/do/accept" in seen
    assert "Done so far: Rebooted it" in seen
    assert enter(people.jonas).post(f"/incidents/{handed}/do/accept").status_code == 302
    assert Record.objects.get(number=handed).assignee == people.jonas
    assert 'id="handover"' not in page(enter, people.jonas, handed)


def test_the_sender_waits(people: Cast, enter: Enter, handed: str) -> None:
    seen = page(enter, people.amira, handed)
    assert "Handed to Network by Amira; waiting for an answer." in seen
    assert f'action="/incidents/{handed}/do/accept' not in seen


def test_returning_asks_why(people: Cast, enter: Enter, handed: str) -> None:
    jonas = enter(people.jonas)
    assert "Return" in jonas.get(f"/incidents/{handed}/do/return").content.decode()
    assert jonas.post(f"/incidents/{handed}/do/return", {"reason": ""}).status_code == 422
    assert jonas.post(f"/incidents/{handed}/do/return", {"reason": "the switch is fine"}).status_code == 302
    assert "Jonas returned it to Amira: the switch is fine" in page(enter, people.amira, handed)


def test_the_dialog_asks_for_whom_and_why(people: Cast, enter: Enter, report: Report) -> None:
    number = report()
    amira = enter(people.amira)
    form = amira.get(f"/incidents/{number}/do/transfer").content.decode()
    for words in ("Wrong team", "My shift ends", "What has been done already"):
        assert words in form
    refused = amira.post(f"/incidents/{number}/do/transfer", {"team": "", "note": "keep me"})
    assert refused.status_code == 422
    for words in ("Choose who takes over", "Tell them why", "keep me"):
        assert words in refused.content.decode()


def test_beyond_the_limit_the_lead_decides_on_the_page(people: Cast, enter: Enter, report: Report) -> None:
    number = report()
    amira = enter(people.amira)
    for team in ("network", "applications", "service-desk"):
        done = amira.post(f"/incidents/{number}/do/transfer", {"team": team, "reason": "not ours"})
        assert done.status_code == 302
    refused = amira.post(f"/incidents/{number}/do/transfer", {"team": "network", "reason": "once more"})
    assert refused.status_code == 409
    assert "for the lead to say: Mia" in refused.content.decode()
    assert "Handed over too often: the lead says where it goes." in page(enter, people.amira, number)
    assert "you say where it goes" in page(enter, people.mia, number)
    assert "Decide…" in page(enter, people.mia, number)


def test_why_a_rule_chose_stands_in_the_conversation(people: Cast, enter: Enter, report: Report) -> None:
    number = report()
    why = {"because": ["round_robin", {"of": 2}], "rule": "VPN", "passed_over": [[people.raj.pk, "absent", {}]]}
    facade.place(number, team="network", assignee="jonas@gungun.example", why=why, by=people.actor("root"))
    seen = page(enter, people.amira, number)
    assert "By the rule “VPN”: assigned to Jonas" in seen
    assert "It was their turn among 2." in seen
    assert "Not Raj: is absent." in seen
