"""The glossary of the documentation, held against the catalogues: one thing has one word in each language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from .said import LANGUAGES, PLACEHOLDERS, catalogue

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "reference" / "glossary.md"
#: Terms that are looked for inside sentences too, with the beginnings of words that stand for them.
WITHIN: dict[str, tuple[str, str, str]] = {
    "incidents?": ("hændelse", "事件", "事件"),
    "requesters?": ("rekvirent", "申请人", "申請人"),
    "callers?": ("melder", "报告人|来电人", "報告人|來電人"),
    "assignees?": ("behandler", "处理人", "處理人"),
    "owners?": ("ansvarlig", "负责人", "負責人"),
    "categor(?:y|ies)": ("kategori", "分类", "分類"),
    "priorit(?:y|ies)": ("prioritet", "优先级", "優先級"),
    "urgency": ("hastegrad", "紧急程度", "緊急程度"),
    "teams?": ("team", "团队", "團隊"),
    "tasks?": ("opgave", "任务", "任務"),
    "templates?": ("skabelon", "模板", "範本"),
    "macros?": ("makro", "宏", "巨集"),
    "canned repl(?:y|ies)": ("standardsvar", "预设回复", "罐頭回覆"),
    "internal notes?": ("internt? notat|interne notat", "内部备注", "內部備註"),
    "duplicates?": ("dublet", "重复", "重複"),
    "announcements?": ("meddelelse", "公告", "公告"),
    "tokens?": ("token", "令牌", "權杖"),
    "trash": ("papirkurv", "回收站", "回收筒"),
    "demonstration": ("demonstration", "演示", "示範"),
    "password": ("adgangskode", "密码", "密碼"),
    "reminders?": ("påmindelse", "提醒", "提醒"),
    "drafts?": ("kladde", "草稿", "草稿"),
    "settings?": ("indstilling", "设置", "設定"),
    "roles?": ("rolle", "角色", "角色"),
    "absences?": ("fravær", "缺勤", "缺勤"),
    "folder": ("mappe", "文件夹", "資料夾"),
}
# What is typed, and so the same in every language.
TYPED = re.compile(r"[\w-]+[:=<>]\S+")


def glossary() -> list[tuple[str, dict[str, str]]]:
    """(English, language → word) of every row."""
    rows = []
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 4 and cells[0] != "English":
            term = re.sub(r"\s*\(.*\)$", "", cells[0])
            rows += [(one, dict(zip(LANGUAGES, cells[1:], strict=True))) for one in term.split(", ")]
    return rows


def said(message: Message) -> list[tuple[str, str]]:
    """(English, translation) without what is filled in."""
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    words = [message.string] if isinstance(message.string, str) else list(message.string)
    pairs = zip(ids, words, strict=True) if len(ids) == len(words) else [(ids[-1], words[0])]
    return [(PLACEHOLDERS.sub(" ", TYPED.sub(" ", english)), str(spoken)) for english, spoken in pairs]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_that_is_a_term_is_said_as_the_glossary_says(language: str) -> None:
    terms = glossary()
    assert len(terms) > 80
    # A term with several senses stands in several rows, and may be said as any of them.
    allowed: dict[str, set[str]] = {}
    for term, words in terms:
        allowed.setdefault(term, set()).add(words[language].casefold())
    known = {
        message.id.casefold(): str(message.string).casefold()
        for message in catalogue(language).messages
        if isinstance(message.id, str) and not message.context
    }
    wrong = {term: known[term] for term in allowed if term in known and known[term] not in allowed[term]}
    assert sum(term in known for term in allowed) > 50, "the table has come away from the product"
    assert not wrong


@pytest.mark.parametrize("at", range(len(LANGUAGES)), ids=LANGUAGES)
def test_sentences_keep_to_the_words_of_the_glossary(at: int) -> None:
    wrong = []
    for message in catalogue(LANGUAGES[at]).messages:
        for english, spoken in said(message):
            wrong += [
                (term, english, spoken)
                for term, words in WITHIN.items()
                if re.search(rf"\b{term}\b", english, re.IGNORECASE) and not re.search(words[at], spoken, re.IGNORECASE)
            ]
    assert not wrong


def test_chinese_speaks_politely_and_taiwan_its_own_chinese() -> None:
    for language in ("zh-hans", "zh-hant"):
        assert not [m.id for m in catalogue(language).messages if "你" in str(m.string)]
    of_the_mainland = re.compile(
        "臺|文件夾|默認|設置|服務器|網絡|軟件|硬件|信息|登錄|打印|屏幕|程序|復制|丟失|身份|示例|鼠標|激活"
    )
    assert not [(m.id, m.string) for m in catalogue("zh-hant").messages if of_the_mainland.search(str(m.string))]
