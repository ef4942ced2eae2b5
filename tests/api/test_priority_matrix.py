"""The priority matrix through the API: the same as on the page, for those who look after the place."""

from __future__ import annotations

import pytest

from .conftest import Company

PATH = "/priority-matrix"
FLAT = [[3, 3, 3], [3, 3, 3], [3, 3, 3]]


def test_a_version_is_stored_and_decides(company: Company) -> None:
    first = company.root.get(PATH).json()
    base = first["version"]
    made = company.root("PUT", PATH, {"cells": FLAT, "based_on": base})
    assert made.status_code == 200, made.content
    assert (made.json()["cells"], made.json()["version"], made.json()["own"]) == (FLAT, base + 1, True)
    assert made.json()["versions"][0]["changed_by"] == "Root"
    of_gungun = company.root.get(f"{PATH}?organisation=gungun").json()
    assert (of_gungun["cells"], of_gungun["own"], of_gungun["version"]) == (FLAT, False, 0)
    number = company.claire.post("/incidents", {"title": "Till", "impact": 1, "urgency": 1}).json()["number"]
    assert company.amira.get(f"/incidents/{number}").json()["priority"] == 3


@pytest.mark.parametrize("cells", [[[1]], [[9, 9, 9]] * 3, [[3, 2, 1]] * 3, "no", [[1.5] * 3] * 3, [[1] * 5] * 5])
def test_what_is_no_matrix_is_refused(cells: object, company: Company) -> None:
    base = company.root.get(PATH).json()["version"]
    assert company.root("PUT", PATH, {"cells": cells, "based_on": base}).status_code == 422
    assert company.root.get(PATH).json()["version"] == base


def test_somebody_was_faster(company: Company) -> None:
    base = company.root.get(PATH).json()["version"]
    company.root("PUT", PATH, {"cells": FLAT, "based_on": base})
    late = company.root("PUT", PATH, {"cells": FLAT, "based_on": base})
    assert (late.status_code, late.json()["errors"][0]["field"]) == (422, "based_on")


def test_only_for_who_looks_after_the_place(company: Company) -> None:
    for caller in (company.amira, company.claire, company.stella):
        for place in ("", "?organisation=gungun"):
            assert caller.get(PATH + place).status_code in (403, 422)
            assert caller("PUT", PATH + place, {"cells": FLAT, "based_on": 0}).status_code in (403, 422)
    assert company.root.get(f"{PATH}?organisation=gungun").json()["own"] is False
