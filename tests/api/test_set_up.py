"""The set-up and the notes of the first sign-in, through the API."""

from __future__ import annotations

import pytest
from django.test import override_settings

from quell.kernel.actions import set_up, trial_mail
from quell.kernel.people.models import Person

from .conftest import Caller, Company


def test_how_far_it_is(company: Company) -> None:
    found = company.root.get("/set-up").json()
    assert [step["step"] for step in found["steps"]] == list(set_up.STEPS)
    assert (found["next"], found["complete"], found["mail_server"]) == ("organisation", False, False)
    assert {step["state"] for step in found["steps"]} == {"open"}


@pytest.mark.parametrize("who", ["claire", "amira", "ann"])
def test_only_for_administrators_of_the_whole_instance(company: Company, who: str) -> None:
    caller: Caller = getattr(company, who)
    assert caller.get("/set-up").status_code == 403
    assert caller.get("/set-up/test-mail").status_code == 403
    # Who may not ask does not learn whether there is a mail server, or what an address is.
    assert caller.post("/set-up/test-mail", {"email": "nonsense"}).status_code == 403


def test_without_a_mail_server_and_with_nonsense(company: Company) -> None:
    assert company.root.get("/set-up/test-mail").status_code == 404
    assert company.root.post("/set-up/test-mail", {"email": "root@gungun.example"}).status_code == 409
    refused = company.root.post("/set-up/test-mail", {"email": "nonsense"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "email")


def test_a_test_mail_is_asked_for_once_and_told(company: Company) -> None:
    with override_settings(EMAIL_HOST="mail.test.example"):
        sent = company.root.post("/set-up/test-mail", {"email": "root@gungun.example"}, Idempotency_Key="one")
        assert (sent.status_code, sent.json()["state"], sent.json()["to"]) == (202, "waiting", "root@gungun.example")
        again = company.root.post("/set-up/test-mail", {"email": "root@gungun.example"}, Idempotency_Key="one")
        assert (again.json(), again["Idempotent-Replayed"]) == (sent.json(), "true")
        kept = set_up.progress().step(set_up.MAIL).facts["trial"]
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        trial_mail.attempt(kept["name"], kept["to"], "en")
    told = company.root.get("/set-up/test-mail").json()
    assert (told["state"], told["fault"]) == ("sent", None)
    assert "root@gungun.example" in told["sentence"]


def test_being_shown_round_again_and_not(company: Company) -> None:
    me = company.claire
    assert me.get("/me/tour").json() == {"due": False}
    assert me("PUT", "/me/tour", {"due": True}).json() == {"due": True}
    assert Person.objects.get(pk=company.cast.claire.pk).tour == "due"
    assert company.amira.get("/me/tour").json() == {"due": False}
    assert me("PUT", "/me/tour", {"due": False}).json() == {"due": False}
    assert me("PUT", "/me/tour", {"due": "perhaps"}).status_code == 422
