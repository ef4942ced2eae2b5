"""Which language mails are in: the person's own, else the organisation's, else the instance's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone, translation

from quell.kernel.actions.options import put_options
from quell.kernel.config.refusal import Invalid
from quell.kernel.journal.models import Entry
from quell.kernel.notify import jobs
from quell.kernel.notify.models import Notification
from quell.kernel.people.models import Person
from quell.kernel.people.speaking import LANGUAGE, language_of, speaking_to
from quell.kernel.testing.cast import Cast, cast
from quell.practices.incidents import facade

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    made = cast()
    Person.objects.filter(pk=made.claire.pk).update(email="claire@gungun.test", language="")
    return made


def mailed(people: Cast) -> str:
    """The mail Claire gets about what Amira logged for her."""
    number = facade.report(people.actor("amira"), {"title": "Till", "requester": "claire@gungun.test"})
    jobs.announce(Entry.objects.filter(record__number=number).latest("id").pk)
    for line in Notification.objects.filter(person=people.claire, emailed_at=None):
        jobs.email(line.pk)
    return str(mail.outbox[-1].body)


@pytest.mark.parametrize(
    ("own", "organisation", "instance", "said"),
    [
        ("", None, None, "We have received your report"),
        ("", None, "zh-hans", "我们已收到您的报告"),
        ("", "da", "zh-hans", "Vi har modtaget din sag"),
        ("zh-hant", "da", "zh-hans", "我們已收到您的回報"),
    ],
)
def test_the_nearest_choice_counts(
    people: Cast, own: str, organisation: str | None, instance: str | None, said: str
) -> None:
    Person.objects.filter(pk=people.claire.pk).update(language=own)
    if instance:
        LANGUAGE.put(instance)
    if organisation:
        LANGUAGE.put(organisation, organisation_id=people.claire.organisation_id)
    assert said in mailed(people)


def test_only_a_language_of_the_house_can_be_set(people: Cast) -> None:
    with pytest.raises(Invalid) as no:
        put_options(people.actor("root"), {"mail.language": "klingon"}, None)
    assert "zh-hant" in no.value.errors[0].message
    assert language_of("klingon", None) == "en"


def test_administrators_choose_it_from_a_list(people: Cast) -> None:
    client = Client()
    client.force_login(people.root)
    page = client.get("/admin/settings?q=mail.language").content.decode()
    assert '<option value="da">Danish</option>' in page
    assert client.post("/admin/settings", {"mail.language": "da"}).status_code == 302
    assert LANGUAGE.get() == "da"
    assert '<option value="da" selected>' in client.get("/admin/settings?q=mail.language").content.decode()
    client.post("/admin/settings", {"mail.language": ""})
    assert LANGUAGE.get() == "en"


def test_times_are_those_of_the_reader(people: Cast) -> None:
    people.claire.timezone, people.claire.language = "Asia/Taipei", "zh-hant"
    with speaking_to(people.claire) as language:
        assert (language, translation.get_language()) == ("zh-hant", "zh-hant")
        assert timezone.localtime(datetime(2026, 11, 21, 12, tzinfo=UTC)).hour == 20
