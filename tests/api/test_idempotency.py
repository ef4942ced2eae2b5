"""The same call twice, one effect: also when both come at the same instant."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from quell.kernel.actions.models import IdempotencyKey
from quell.kernel.records.models import Record
from quell.kernel.testing.cast import cast

from .conftest import Caller, Company


def test_the_first_answer_again(company: Company) -> None:
    first = company.claire.post("/incidents", {"title": "Once"}, Idempotency_Key="k-1")
    again = company.claire.post("/incidents", {"title": "Once"}, Idempotency_Key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert again["Idempotent-Replayed"] == "true"
    assert Record.objects.count() == 1


def test_another_body_path_or_method(company: Company) -> None:
    number = company.amira.post("/incidents", {"title": "Once"}, Idempotency_Key="k-1").json()["number"]
    for path, body in (("/incidents", {"title": "Twice"}), (f"/incidents/{number}/start", {})):
        refused = company.amira.post(path, body, Idempotency_Key="k-1")
        assert refused.status_code == 422, refused.content
        assert refused.json()["errors"][0]["field"] == "Idempotency-Key"
    assert Record.objects.count() == 1


def test_keys_belong_to_people(company: Company) -> None:
    for caller in (company.claire, company.paul):
        assert caller.post("/incidents", {"title": "Mine"}, Idempotency_Key="same").status_code == 201
    assert Record.objects.count() == 2


def test_refusals_are_not_kept(company: Company) -> None:
    assert company.claire.post("/incidents", {"title": ""}, Idempotency_Key="k").status_code == 422
    assert company.claire.post("/incidents", {"title": "Now"}, Idempotency_Key="k").status_code == 201


def test_verbs_too(company: Company) -> None:
    number = company.claire.post("/incidents", {"title": "Say it once"}).json()["number"]
    body = {"body": "Hello?", "visibility": "public"}
    versions = [
        company.claire.post(f"/incidents/{number}/comment", body, Idempotency_Key="c").json()["version"]
        for _ in range(3)
    ]
    assert versions == [2, 2, 2]


def test_after_a_day_the_key_is_free(company: Company) -> None:
    company.claire.post("/incidents", {"title": "Old"}, Idempotency_Key="k")
    kept = IdempotencyKey.objects.get()
    kept.created_at -= timedelta(hours=25)
    kept.save()
    assert company.claire.post("/incidents", {"title": "New"}, Idempotency_Key="k").status_code == 201
    assert Record.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "é"])
def test_bad_keys(company: Company, key: str) -> None:
    refused = company.claire.post("/incidents", {"title": "x"}, Idempotency_Key=key)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "Idempotency-Key"


@pytest.fixture
def apart(transactional_db: None) -> Company:
    """The company with real commits, for calls in threads."""
    return Company(cast())


def test_at_the_same_instant(apart: Company) -> None:
    secret = apart.claire.secret

    def call(_n: int) -> tuple[int, str]:
        try:
            made = Caller(secret).post("/incidents", {"title": "At once"}, Idempotency_Key="same")
            return made.status_code, made.json().get("number", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(call, range(16)))
    assert len(answers) == 1 and answers.pop()[0] == 201
    assert Record.objects.count() == 1
