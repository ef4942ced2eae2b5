"""The test mail: really sent, to a real server on this machine, and told in one sentence when it is not taken."""

from __future__ import annotations

import json
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from quell.kernel.actions import set_up, trial_mail
from quell.kernel.config.refusal import Conflict, Forbidden, Invalid
from quell.kernel.testing.cast import Cast

from .conftest import Door

pytestmark = pytest.mark.django_db
PAGE = "/admin/set-up/mail"


@dataclass
class Post:
    """A mail server that speaks as much SMTP as a test needs; `refuses` maps the start of a command to an answer."""

    port: int = 0
    refuses: dict[str, str] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        """One connection after another."""
        while True:
            try:
                live, _address = listener.accept()
            except OSError:
                return
            with live:
                self._talk(live)

    def _talk(self, live: socket.socket) -> None:
        lines = live.makefile("rb")
        live.sendall(b"220 here\r\n")
        for line in lines:
            said = line.decode().strip()
            answer = next((words for start, words in self.refuses.items() if said.upper().startswith(start)), "250 yes")
            if said.upper() == "DATA" and "DATA" not in self.refuses:
                live.sendall(b"354 go\r\n")
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    body += lines.readline()
                self.taken.append(body.decode())
                answer = "250 taken"
            live.sendall(f"{'221 bye' if said.upper() == 'QUIT' else answer}\r\n".encode())
            if said.upper() == "QUIT":
                return


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """The server, named in the settings."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Post(listener.getsockname()[1])
        threading.Thread(target=made.serve, args=(listener,), daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_USER = "127.0.0.1", made.port, ""
        settings.EMAIL_USE_TLS = False
        yield made


def work() -> None:
    """What the worker does with the job that waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id DESC LIMIT 1", [trial_mail.TASK]
        )
        (args,) = cursor.fetchone()
    trial_mail.attempt(**json.loads(args))


def told() -> trial_mail.Trial:
    found = trial_mail.latest(set_up.progress().step(set_up.MAIL))
    assert found is not None
    return found


def test_it_is_sent_and_said_within_seconds(post: Post, folk: Cast, as_: Door) -> None:
    client = as_("root")
    assert client.post(PAGE, {"part": "trial", "to": "root@gungun.example"}).status_code == 302
    page = client.get(PAGE).content.decode()
    assert "On its way to root@gungun.example" in page and f'hx-get="{PAGE}/tried"' in page
    assert "hx-get" in client.get(f"{PAGE}/tried").content.decode()
    work()
    assert len(post.taken) == 1 and "To: root@gungun.example" in post.taken[0]
    page = client.get(f"{PAGE}/tried").content.decode()
    assert "The mail server took it after 0." in page and "hx-get" not in page
    # A test that arrived is what the step is for.
    assert client.post(PAGE, {"go": "on"})["Location"].endswith("/teams")
    assert set_up.progress().step(set_up.MAIL).state == set_up.DONE


@pytest.mark.parametrize(
    ("refuses", "sentence", "said"),
    [
        ({"MAIL": "550 5.7.1 not you"}, "takes no mail from", "550 5.7.1 not you"),
        ({"RCPT": "550 no such user here"}, "refused the address root@gungun.example", "no such user here"),
        ({"DATA": "554 <b>spam</b>"}, "ended it before the mail was taken", "554 &lt;b&gt;spam&lt;/b&gt;"),
    ],
)
def test_what_the_server_refuses_is_said_with_its_words(
    post: Post, as_: Door, refuses: dict[str, str], sentence: str, said: str
) -> None:
    post.refuses = refuses
    client = as_("root")
    client.post(PAGE, {"part": "trial", "to": "root@gungun.example"})
    work()
    page = client.get(PAGE).content.decode()
    assert sentence in page and said in page
    assert client.post(PAGE, {"go": "on"})["Location"] == PAGE


def test_a_server_that_is_not_there(post: Post, as_: Door, settings: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = taken.getsockname()[1]
        as_("root").post(PAGE, {"part": "trial", "to": "root@gungun.example"})
        work()
    assert told().state == trial_mail.FAILED
    assert told().sentence.startswith(f"Nothing answers at 127.0.0.1, port {settings.EMAIL_PORT}.")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 bad\r\nsecret"), "password"),
        (socket.gaierror(-2, "Name or service not known"), "name"),
        (TimeoutError("timed out"), "silent"),
        (ssl.SSLError(1, "wrong version number"), "encryption"),
        (smtplib.SMTPNotSupportedError("STARTTLS extension not supported"), "encryption"),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), "other"),
    ],
)
def test_every_fault_has_a_sentence(
    fault: Exception, code: str, post: Post, folk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(message: object, fail_silently: bool = False) -> int:
        raise fault

    monkeypatch.setattr("django.core.mail.EmailMessage.send", broken)
    trial_mail.ask(folk.actor("root"), "root@gungun.example")
    work()
    found = told()
    assert (found.state, found.fault) == (trial_mail.FAILED, code)
    assert found.sentence and "\n" not in found.answer and "\r" not in found.answer


def test_what_an_older_test_says_does_not_cover_a_newer_one(post: Post, folk: Cast) -> None:
    root = folk.actor("root")
    trial_mail.ask(root, "first@gungun.example")
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s", [trial_mail.TASK])
        (older,) = cursor.fetchone()
    trial_mail.ask(root, "second@gungun.example")
    trial_mail.attempt(**json.loads(older))
    assert (told().state, told().to) == (trial_mail.WAITING, "second@gungun.example")


def test_when_no_worker_takes_it_the_page_stops_asking(post: Post, folk: Cast) -> None:
    trial_mail.ask(folk.actor("root"), "root@gungun.example")
    step, late = set_up.progress().step(set_up.MAIL), datetime.now(UTC) + timedelta(seconds=trial_mail.WAIT_SECONDS + 1)
    found = trial_mail.latest(step, late)
    assert found is not None and found.state == trial_mail.LOST and "worker" in found.sentence


def test_who_may_and_what_cannot_be_sent(folk: Cast, settings: Any, as_: Door) -> None:
    settings.EMAIL_HOST = "mail.example"
    with pytest.raises(Forbidden):
        trial_mail.ask(folk.actor("ann"), "ann@gungun.example")
    with pytest.raises(Invalid):
        trial_mail.ask(folk.actor("root"), "root@gungun.example\nBcc: all@gungun.example")
    settings.EMAIL_HOST = ""
    with pytest.raises(Conflict):
        trial_mail.ask(folk.actor("root"), "root@gungun.example")
    page = as_("root").get(PAGE).content.decode()
    assert "There is no mail server yet" in page and "QUELL_SMTP_HOST" in page and "Send a test mail" not in page
