"""In a browser: notices of this device turned on and off. The push service itself is out of reach here, so the browser
is told what it would have answered; what is done with that answer is tests/notify/test_push.py."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quell.kernel.notify import push
from quell.kernel.notify.models import Device
from tests.notify.phone import Phone

from .conftest import House, Window

pytestmark = pytest.mark.browser
ENDPOINT = "https://fcm.googleapis.com/fcm/send/browser"

STUB = """
(() => {
  const given = %s;
  const plain = (text) => atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = (text) => Uint8Array.from(plain(text), (one) => one.charCodeAt(0)).buffer;
  let answer = "default";
  Object.defineProperty(Notification, "permission", { get: () => window.name === "blocked" ? "denied" : answer });
  Notification.requestPermission = async () => (answer = "granted");
  PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async (options) => {
    window.asked = { visible: options.userVisibleOnly, key: new Uint8Array(options.applicationServerKey).length };
    return { endpoint: given.endpoint, getKey: (name) => bytes(given[name]), unsubscribe: async () => true };
  };
})();
"""


def test_turned_on_and_off_again(house: House, window: Window) -> None:
    given = Phone().gives(ENDPOINT)
    context = window("claire", 390)
    context.add_init_script(STUB % given)
    page = context.new_page()
    page.goto("/profile/notifications")
    block = page.locator("#devices")
    expect(block.get_by_role("status")).to_have_text("Notices are not shown on this device.")
    block.get_by_role("button", name="Show them here").click()
    expect(block.get_by_role("status")).to_have_text("Notices are shown on this device.")
    expect(block.get_by_role("button", name="Show them here")).to_be_hidden()
    expect(block.get_by_role("listitem").filter(has_text="This device")).to_have_count(1)
    device = Device.objects.get(endpoint=ENDPOINT)
    assert device.person_id == house.people.claire.pk and device.name == "Chrome · Linux"
    block.get_by_role("button", name="Turn off on this device").click()
    expect(block.get_by_role("status")).to_have_text("Notices are not shown on this device.")
    assert not Device.objects.filter(pk=device.pk).exists()


def test_the_browser_is_asked_with_the_key_of_the_house(house: House, window: Window) -> None:
    context = window("claire")
    context.add_init_script(STUB % Phone().gives("https://evil.example/push"))
    page = context.new_page()
    page.goto("/profile/notifications")
    page.get_by_role("button", name="Show them here").click()
    expect(page.locator("#toasts")).to_contain_text("push service is not among those we call")
    assert page.evaluate("window.asked") == {"visible": True, "key": 65}
    assert page.locator("[data-push]").get_attribute("data-push") == push.public_key()
    assert not Device.objects.filter(person=house.people.claire, endpoint__contains="evil").exists()


def test_who_has_blocked_it_is_told_so(house: House, window: Window) -> None:
    context = window("claire")
    context.add_init_script("window.name = 'blocked';" + STUB % Phone().gives(ENDPOINT))
    page = context.new_page()
    page.goto("/profile/notifications")
    expect(page.locator("[data-push-state]")).to_contain_text("You have blocked notices from this site")
    expect(page.get_by_role("button", name="Show them here")).to_be_hidden()


def test_a_browser_that_cannot_is_named(house: House, window: Window) -> None:
    context = window("claire")
    context.add_init_script("delete window.PushManager")
    page = context.new_page()
    page.goto("/profile/notifications")
    expect(page.locator("[data-push-state]")).to_have_text("This browser cannot show notices.")


def test_what_is_pushed_is_shown_and_leads_to_the_request(house: House, window: Window) -> None:
    """The worker's own part: a message becomes a notice, a click on it opens the request or goes to its tab."""
    context = window("claire", permissions=["notifications"])
    page = context.new_page()
    page.goto("/portal/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    worker = context.service_workers[0]
    shown = worker.evaluate(
        """async () => {
          const shown = [];
          self.registration.showNotification = async (title, options) => { shown.push({ title, ...options }); };
          const waits = [];
          const event = new Event("push");
          const said = { title: "INC-1", body: "Amira wrote", url: "/portal/requests/INC-1", tag: "INC-1" };
          event.data = { json: () => said };
          event.waitUntil = (one) => waits.push(one);
          self.dispatchEvent(event);
          await Promise.all(waits);
          return shown;
        }"""
    )
    assert len(shown) == 1
    assert (shown[0]["title"], shown[0]["body"], shown[0]["tag"]) == ("INC-1", "Amira wrote", "INC-1")
    click = """async (url) => {
      const done = [];
      const tab = { url: self.location.origin + "/portal/requests/INC-1?a", focus: async () => done.push("focus") };
      self.clients.matchAll = async () => [tab];
      self.clients.openWindow = async (where) => done.push(where.replace(self.location.origin, ""));
      const waits = [];
      const event = new Event("notificationclick");
      event.notification = { close: () => done.push("close"), data: { url } };
      event.waitUntil = (one) => waits.push(one);
      self.dispatchEvent(event);
      await Promise.all(waits);
      return done;
    }"""
    assert worker.evaluate(click, "/portal/requests/INC-1") == ["close", "focus"]
    assert worker.evaluate(click, "/portal/requests/INC-2") == ["close", "/portal/requests/INC-2"]
    assert worker.evaluate(click, "https://evil.example/") == ["close"]
