"""Words for search: folding, and bigrams for scripts without spaces. Pure, no database.

PostgreSQL stems English and Danish; Chinese, Japanese and Korean text is cut into overlapping pairs here, because
core PostgreSQL would take a whole sentence for one word (domain.md 9 note e: bigrams are the safe baseline,
full-width forms are folded, simplified and traditional characters are equal). Where Taiwan and the mainland have
different words for one thing, a search for one looks for the other too (`alike`); documents keep the word written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

#: A document beyond this many characters is indexed by its beginning; a tsvector holds one megabyte.
LIMIT = 200_000

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0002fa1f"
_RUN = re.compile(f"[{_CJK}]+")
#: What people call the same thing in Taiwan and on the mainland, both in simplified characters.
_REGIONAL = {
    "网路": "网络", "软体": "软件", "硬体": "硬件", "韧体": "固件", "伺服器": "服务器", "印表机": "打印机",
    "列印": "打印", "影印": "复印", "滑鼠": "鼠标", "萤幕": "屏幕", "资料库": "数据库", "资料夹": "文件夹",
    "硬碟": "硬盘", "随身碟": "U盘", "光碟": "光盘", "记忆体": "内存", "程式": "程序", "资讯": "信息",
    "讯息": "消息", "视讯": "视频", "音讯": "音频", "登入": "登录", "登出": "退出", "帐号": "账号", "帐户": "账户",
    "连线": "连接", "当机": "死机", "笔电": "笔记本", "行动电话": "手机", "使用者": "用户", "作业系统": "操作系统",
    "储存": "保存", "支援": "支持", "预设": "默认", "设定": "设置", "介面": "界面", "防毒": "杀毒", "频宽": "带宽",
    "交换器": "交换机", "数据机": "调制解调器", "专案": "项目", "搜寻": "搜索", "复原": "撤销", "剪下": "剪切",
    "贴上": "粘贴", "萤幕截图": "截屏", "无线基地台": "无线接入点", "简讯": "短信", "网域": "域名", "位址": "地址",
    "存取": "访问", "备份档": "备份文件", "档案": "文件", "品质": "质量", "权杖": "令牌", "佇列": "队列",
}  # fmt: skip
_TAIWAN = re.compile("|".join(sorted(_REGIONAL, key=len, reverse=True)))
_BACK = {mainland: taiwan for taiwan, mainland in _REGIONAL.items()}
_MAINLAND = re.compile("|".join(sorted(_BACK, key=len, reverse=True)))


@cache
def _simplified() -> dict[int, str]:
    """Traditional characters and variants, each with its simplified one. A tenth of a second, once a process."""
    from opencc import OpenCC

    spans = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
    characters = [chr(code) for first, last in spans for code in range(first, last)]
    plain = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(one): other for one, other in zip(characters, plain, strict=True) if one != other}


def fold(text: str) -> str:
    """Full-width forms become ordinary ones, traditional characters simplified ones, NUL goes; bounded in length."""
    folded = unicodedata.normalize("NFKC", text[:LIMIT]).replace("\x00", " ")
    return folded.translate(_simplified()) if _RUN.search(folded) else folded


def alike(text: str) -> list[str]:
    """A folded text, and how it reads in the words of the mainland and of Taiwan, where that differs."""
    mainland = _TAIWAN.sub(lambda found: _REGIONAL[found.group()], text)
    taiwan = _MAINLAND.sub(lambda found: _BACK[found.group()], text)
    return list(dict.fromkeys([text, mainland, taiwan]))


def pairs(text: str) -> list[str]:
    """The overlapping pairs of every CJK run in a folded text, without repetition; a run of one stands alone."""
    found: dict[str, None] = {}
    for match in _RUN.finditer(text):
        run = match.group()
        found.update(dict.fromkeys([run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]))
    return list(found)


def singles(text: str) -> list[str]:
    """Every CJK character by itself, so that a search for one character finds it inside longer words."""
    return list(dict.fromkeys("".join(_RUN.findall(text))))


def without_cjk(text: str) -> str:
    """The rest of a folded text, for the stemmers."""
    return _RUN.sub(" ", text)
