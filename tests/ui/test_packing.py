"""Pages travel packed, with a length that says nothing, and come out as they went in."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from quell.kernel.ui.packing import Packed, pack

PAGE = b"<p>Nothing is open.</p>" * 500


def passed(answer: HttpResponseBase, accepts: str = "gzip, deflate, br") -> HttpResponseBase:
    request = RequestFactory().get("/", HTTP_ACCEPT_ENCODING=accepts)
    return Packed(lambda _request: answer)(request)  # type: ignore[return-value]


def test_a_page_comes_out_as_it_went_in() -> None:
    answer = passed(HttpResponse(PAGE, headers={"ETag": '"1"'}))
    assert isinstance(answer, HttpResponse)
    assert gzip.decompress(answer.content) == PAGE
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Content-Length"] == str(len(answer.content))
    assert answer["Vary"] == "Accept-Encoding"
    assert answer["ETag"] == 'W/"1"'


def test_its_length_says_nothing() -> None:
    assert len({len(pack(PAGE)) for _ in range(40)}) > 10


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(b"<p>short</p>"),
        HttpResponse(PAGE, content_type="image/png"),
        HttpResponse(PAGE, headers={"Content-Encoding": "br"}),
        StreamingHttpResponse([PAGE]),
    ],
    ids=["short", "a picture", "packed already", "a stream"],
)
def test_other_answers_stay_as_they_are(answer: HttpResponseBase) -> None:
    assert passed(answer).get("Content-Encoding", "") != "gzip"


def test_who_cannot_read_it_gets_it_plain() -> None:
    answer = passed(HttpResponse(PAGE), accepts="")
    assert not answer.has_header("Content-Encoding")
    assert answer["Vary"] == "Accept-Encoding"
