"""Being called on a device, by API: a phone's own program does what the page does."""

from __future__ import annotations

from quell.kernel.notify import push
from quell.kernel.notify.models import Device
from tests.notify.phone import Phone

from .conftest import Company


def test_a_program_turns_a_device_on_and_off(company: Company) -> None:
    given = Phone().gives("https://web.push.apple.com/abc")
    made = company.claire.post("/me/devices", given)
    assert made.status_code == 201 and made.headers["Location"].endswith(f"/me/devices/{made.json()['id']}")
    shown = company.claire.get("/me/devices").json()
    assert [one["id"] for one in shown["items"]] == [made.json()["id"]] and shown["key"] == push.public_key()
    assert "endpoint" not in str(shown) and "apple.com" not in str(shown)
    assert company.claire.get(f"/me/devices/{made.json()['id']}").json()["used_at"] is None
    assert company.paul.post(f"/me/devices/{made.json()['id']}/remove", {}).status_code == 404
    assert company.claire.post(f"/me/devices/{made.json()['id']}/remove", {}).status_code == 204
    assert company.claire.post(f"/me/devices/{made.json()['id']}/remove", {}).status_code == 404
    assert not Device.objects.exists()


def test_only_push_services_are_taken(company: Company) -> None:
    refused = company.claire.post("/me/devices", Phone().gives("https://169.254.169.254/latest/meta-data"))
    assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "endpoint"
