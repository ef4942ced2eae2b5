"""Every route of the document, tried by people who may not: a new route is covered by itself (issue: must show 5).

A stranger of another organisation, and a requester who has nothing to do with it, call each operation with the
numbers, codes, addresses and ids of Gungun. They get 403, 404 or a 422 about their own words; never a 2xx about
somebody else's thing, and never a word of its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from quell.kernel.api.frame import mounted
from quell.kernel.api.openapi import document
from quell.kernel.records.models import Record
from tests.notify.phone import Phone

from .conftest import Caller, Company
from .test_attachments import upload

SECRET = "wombat"
#: A colleague may know the places of the company they share.
KNOWN_TO_COLLEAGUES = {
    "readService", "readOrganisation", "readCategory", "listServices", "listOrganisations", "listCategories",
    "readCategoryIntake", "followService", "unfollowService", "serviceHealth",
}  # fmt: skip
#: Roles are the same for the whole instance; whoever looks after people may know them.
KNOWN_TO_AGENTS = {"readRole", "listRoles"}
#: What belongs to the caller or to everybody: nothing of others is addressed there.
OWN = {"openapi", "readMe", "createIncident", "createToken", "listTokens"}


def operations() -> list[tuple[str, str, str]]:
    """(name, method, path) of every operation but those about oneself."""
    paths = orjson.loads(orjson.dumps(document(mounted()[0])))["paths"]
    return [
        (one["operationId"], method.upper(), path)
        for path, methods in paths.items()
        for method, one in methods.items()
        if one["operationId"] not in OWN
    ]


@pytest.fixture
def places(company: Company) -> dict[str, Any]:
    """Something of Gungun's for every open place in an address."""
    number = company.amira.post("/incidents", {"title": f"{SECRET} title", "description": SECRET}).json()["number"]
    company.amira.post(f"/incidents/{number}/comment", {"body": f"{SECRET} note", "visibility": "internal"})
    file = upload(company.amira, number, f"{SECRET}.txt", SECRET.encode()).json()["id"]
    token = company.amira.post("/tokens", {"name": SECRET}).json()["id"]
    category = company.ann.post("/categories", {"code": SECRET, "name": SECRET, "organisation": "gungun"}).json()["id"]
    company.ann.post("/teams", {"code": SECRET, "name": SECRET, "organisation": "gungun"})
    company.ann.post("/services", {"code": SECRET, "name": SECRET, "organisation": "gungun"})
    company.ann.post("/organisations", {"code": SECRET, "name": SECRET, "parent": "gungun"})
    company.root.post("/roles", {"code": SECRET, "name": SECRET, "capabilities": []})
    company.ann.post("/people", {"email": f"{SECRET}@gungun.example", "name": SECRET, "organisation": SECRET})
    return {
        "number": number,
        "attachment_id": file,
        "token_id": token,
        "device_id": company.amira.post("/me/devices", Phone().gives("https://fcm.googleapis.com/x")).json()["id"],
        "category_id": category,
        "code": SECRET,
        "email": f"{SECRET}@gungun.example",
    }


@pytest.mark.parametrize("who", ["stella", "sam", "paul"])
def test_nobody_learns_anything(company: Company, places: dict[str, Any], who: str) -> None:
    caller: Caller = getattr(company, who)
    before = company.root.get(f"/incidents/{places['number']}").json()
    faults = [
        f"{name}: {fault}"
        for name, method, path in operations()
        for fault in _tried(caller, places, who, name, method, path)
    ]
    assert faults == []
    assert company.root.get(f"/incidents/{places['number']}").json() == before
    assert Record.objects.count() == 1


def _tried(caller: Caller, places: dict[str, Any], who: str, name: str, method: str, path: str) -> Iterator[str]:
    """What is wrong with the answer of one operation."""
    address = path
    for place, value in places.items():
        address = address.replace("{" + place + "}", str(value))
    if name in (
        "search",
        "listIncidents",
        "listPeople",
        "listTeams",
        "listServices",
        "listOrganisations",
        "listCategories",
    ):
        address += f"?q={SECRET}"
    if name in ("attachToIncident", "encloseFile"):
        place = "attachments" if name == "attachToIncident" else "outbox/files"
        response = upload(caller, places["number"], "x.txt", b"x", place=place)
    else:
        response = caller(method, address, None if method == "GET" else _body(name))
    known = name in KNOWN_TO_COLLEAGUES if who == "paul" else name in KNOWN_TO_AGENTS and who == "stella"
    if response.status_code >= 500:
        yield f"{response.status_code}"
    if SECRET in _without_echo(response, places) and not known:
        yield f"tells {response.content!r}"
    if "{" in path and response.status_code not in (403, 404, 422) and not known:
        yield f"answers {response.status_code}"
    if path.startswith("/api/v1/incidents/{number}") and response.status_code != 404:
        # What is wrong with one's own words may be said first, if it is said of a number nobody has as well.
        nobodys = caller(method, address.replace(places["number"], "INC-999999"), _body(name))
        if response.status_code == nobodys.status_code == 422:
            return
        yield f"admits that the incident exists: {response.status_code}"


def _body(name: str) -> dict[str, Any]:
    """A body that would be accepted from somebody who may."""
    known: dict[str, dict[str, Any]] = {
        "assignIncident": {"team": "network"},
        "transferIncident": {"team": "network", "reason": "x"},
        "escalateIncident": {"kind": "hierarchical", "reason": "x"},
        "holdIncident": {"hold_reason": "part"},
        "resolveIncident": {"resolution_code": "fixed", "resolution": "x"},
        "reopenIncident": {"reason": "x"},
        "cancelIncident": {"reason": "x"},
        "commentIncident": {"body": "x", "visibility": "public"},
        "returnIncident": {"reason": "x"},
        "linkIncident": {"to": "INC-000001", "kind": "related_to"},
        "unlinkIncident": {"to": "INC-000001", "kind": "related_to"},
        "editIncident": {"title": "x"},
        "createPerson": {"email": "x@gungun.example", "name": "x", "organisation": "gungun"},
        "createTeam": {"code": "x", "name": "x", "organisation": "gungun"},
        "createService": {"code": "x", "name": "x", "organisation": "gungun"},
        "createOrganisation": {"code": "x", "name": "x", "parent": "gungun"},
        "createCategory": {"code": "x", "name": "x", "organisation": "gungun"},
        "createRole": {"code": "x", "name": "x", "capabilities": []},
    }
    return known.get(name, {"name": "x"} if name.startswith("edit") else {})


def _without_echo(response: Any, places: dict[str, Any]) -> str:
    """The answer's text without the caller's own words: a refusal may repeat what it was asked for."""
    text: str = response.content.decode() if not response.streaming else b"".join(response.streaming_content).decode()
    if response.status_code in (403, 404, 422):
        for word in (places["email"], f"“{SECRET}”"):
            text = text.replace(word, "")
    return text
