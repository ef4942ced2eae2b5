"""Names that a text calls with an @ stand out, and nothing else does; the words alone are as they are read."""

from __future__ import annotations

import pytest

from quell.kernel.ui.richtext import plain, render

CALLED = ("Amira Khalil", "amira@example.com", "王小明", "Bo & Co <b>")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ask @Amira Khalil about it", "ask <mark>@Amira Khalil</mark> about it"),
        ("@amira khalil, please", "<mark>@amira khalil</mark>, please"),
        ("@amira@example.com knows", "<mark>@amira@example.com</mark> knows"),
        ("请@王小明看一下", "请<mark>@王小明</mark>看一下"),
        ("**@Amira Khalil**", "<strong><mark>@Amira Khalil</mark></strong>"),
        ("@Bo & Co <b> now", "<mark>@Bo &amp; Co &lt;b&gt;</mark> now"),
        ("@Amira Khalilson", "@Amira Khalilson"),
        ("Amira Khalil and @Raj", "Amira Khalil and @Raj"),
        ("`@Amira Khalil`", "<code>@Amira Khalil</code>"),
    ],
)
def test_who_is_called(text: str, shown: str) -> None:
    assert shown in str(render(text, called=CALLED))


def test_never_inside_an_address() -> None:
    html = str(render("https://a.example/@Amira Khalil and [x](https://a.example/ '@Amira Khalil')", called=CALLED))
    assert "<mark>" not in html


def test_without_names_nothing_is_marked() -> None:
    assert "<mark>" not in str(render("@Amira Khalil <mark>x</mark>"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ticket **GX-88120**.", "ticket GX-88120."),
        ("one\ntwo  \nthree\n\nfour", "one two three four"),
        ("- a\n- b `c`", "a b c"),
        ("[here](https://a.example)!", "here!"),
    ],
)
def test_the_words_alone(text: str, words: str) -> None:
    assert plain(text) == words
