"""Search finds English, Danish and Chinese, numbers as people say them, and nothing that is not theirs."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from quell.kernel.records.find import find
from quell.kernel.records.models import ExternalReference, Record
from quell.kernel.search.index import fold_anew
from quell.kernel.search.query import as_number, condition
from quell.kernel.search.words import fold, pairs
from quell.kernel.testing.cast import cast
from quell.practices.incidents import facade

TEXTS = {
    "en": {"title": "Printers keep jamming", "description": "The label printer on floor two jams daily."},
    "da": {"title": "Medarbejderne kan ikke logge på", "description": "Adgangskoden afvises på alle skærme."},
    "zh": {"title": "会议室网络中断", "description": "今天早上交换机故障,无法连接邮件服务器。"},
    "wide": {"title": "ＶＰＮ 断线", "description": "full width"},
    "hant": {"title": "印表機無法列印", "description": "換過碳粉匣之後,伺服器顯示錯誤。"},
}


@pytest.fixture
def reported(db):
    people = cast()
    return people, {name: facade.report(people.actor("claire"), dict(text)) for name, text in TEXTS.items()}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("printer jam", "en"),
        ("PRINTERS", "en"),
        ("medarbejder", "da"),
        ("skærm", "da"),
        ("adgangskode", "da"),
        ("网络", "zh"),
        ("交换机故障", "zh"),
        ("邮件服务器", "zh"),
        ("會議室", "zh"),
        ("網絡", "zh"),
        ("網路", "zh"),
        ("網路中斷", "zh"),
        ("交換機故障", "zh"),
        ("无法打印", "hant"),
        ("打印机", "hant"),
        ("碳粉匣", "hant"),
        ("服务器显示错误", "hant"),
        ("议", "zh"),
        ("vpn", "wide"),
        ('"label printer"', "en"),
    ],
)
def test_words_find_their_record(reported, words, expected):
    people, numbers = reported
    assert [hit.number for hit in find(people.actor("amira"), words)] == [numbers[expected]]


@pytest.mark.parametrize("words", ["网机", "printer -jam", "nonsenseword", "!!!", "'", "\\", "& | !", ":*", "()", "  "])
def test_words_that_are_not_there_find_nothing_and_break_nothing(reported, words):
    people, _numbers = reported
    assert find(people.actor("amira"), words) == []


def test_numbers_are_found_however_people_say_them(reported):
    people, numbers = reported
    wanted = numbers["en"]
    running = str(int(wanted.split("-")[1]))
    for said in (wanted, wanted.lower(), running, f"#{running}", f"inc {running}", f"INC{running}"):
        assert find(people.actor("amira"), said)[0].number == wanted


def test_an_external_reference_is_found(reported):
    people, numbers = reported
    record = Record.objects.get(number=numbers["da"])
    ExternalReference.objects.create(record=record, system="old", reference="TICKET-77/x")
    assert find(people.actor("amira"), "ticket-77/X")[0].number == numbers["da"]
    assert find(people.actor("paul"), "ticket-77/X") == []


def test_nobody_finds_what_is_not_theirs(reported):
    people, numbers = reported
    for name in ("paul", "sam", "stella"):
        assert find(people.actor(name), "printer") == []
        assert find(people.actor(name), numbers["en"]) == []


@given(st.text(max_size=60))
def test_any_text_makes_a_condition_or_none(text):
    sentence, values = condition(text, "w")
    assert bool(sentence) == bool(values)
    as_number(text)


@given(st.text(alphabet="网络中断交换机", min_size=2, max_size=20))
def test_every_part_of_a_chinese_text_is_found_by_its_pairs(text):
    for start in range(len(text) - 1):
        assert set(pairs(fold(text[start : start + 2]))) <= set(pairs(fold(text)))


def test_documents_written_before_variants_were_equal_are_folded_where_they_stand(reported):
    people, numbers = reported
    record = Record.objects.get(title="印表機無法列印")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE search_document SET public_words = array_to_tsvector(%s) || to_tsvector('simple', 'toner')"
            " WHERE record_id = %s",
            [["印表", "表機", "機無", "無法"], record.pk],
        )
    assert find(people.actor("amira"), "打印机") == []
    assert fold_anew(connection, batch=2) == 1
    assert [hit.number for hit in find(people.actor("amira"), "打印机")] == [numbers["hant"]]
    assert [hit.number for hit in find(people.actor("amira"), "toner")] == [numbers["hant"]]
    assert fold_anew(connection) == 0
