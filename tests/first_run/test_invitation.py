"""A colleague who is invited gets a link that works, in their language, and is shown round when they first sign in."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from quell.kernel.testing.cast import Cast
from quell.kernel.ui.jobs import send_invitation

pytestmark = pytest.mark.django_db


def test_the_link_sets_the_first_password(folk: Cast) -> None:
    send_invitation(folk.paul.email)
    (message,) = mail.outbox
    assert message.to == [folk.paul.email] and "Choose your password here" in message.body
    address = re.search(r"https?://[^/]+(/sign-in/new-password/\S+)", message.body)
    assert address
    client = Client()
    form = client.get(address[1], follow=True).redirect_chain[-1][0]
    assert client.post(form, {"new_password": "long enough words"}).status_code == 302
    assert client.post("/sign-in", {"login": folk.paul.email, "password": "long enough words"}).status_code == 302
    assert 'id="tour"' in client.get("/portal/").content.decode()


def test_strangers_and_those_who_left_get_nothing(folk: Cast) -> None:
    folk.paul.is_active = False
    folk.paul.save()
    send_invitation(folk.paul.email)
    send_invitation("nobody@nowhere.example")
    assert mail.outbox == []
