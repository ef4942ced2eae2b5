"""The words of made incidents: a vocabulary in which word number r is used about 1/(r + 6) as often as all others.

That is the shape of real language (Zipf and Mandelbrot): with twelve words a document, the first word stands in a
fifth of all documents and the last in next to none. Rare words are planted by hand, each in exactly ten documents.
Pure; the same seed gives the same text.
"""

from __future__ import annotations

import random
from itertools import accumulate, product

SIZE = 20_000
SHIFT = 6
TITLE_WORDS, DESCRIPTION_WORDS = 4, 8
RARE = 20
RARE_DOCUMENTS = 10

_KNOWN = """printer network mail screen account invoice laptop server backup meeting cable phone order keyboard
folder queue label warehouse license browser update certificate monitor scanner battery tunnel router calendar
report database archive signature badge projector camera headset dock charger firmware driver switch antenna
storage export import ledger payroll stock pallet forklift turnstile elevator kiosk terminal drawer receipt
voucher customer supplier contract tender parcel customs freight truck harbour container crane conveyor sensor
valve pump boiler meter gauge alarm beacon mirror cluster replica snapshot shard ticket session profile avatar
signal channel dialog window shortcut macro formula pivot column filter template banner footer margin""".split()  # noqa: SIM905 - a hundred words read better so
_SYLLABLES = ("ba", "co", "di", "fen", "gul", "hor", "ki", "lam", "mer", "no", "pra", "quo", "ras", "sel", "tun", "vex")


def vocabulary() -> list[str]:
    """All words, the most used first; every one is a word of its own to a stemmer."""
    made = ("".join(parts) + "x" for parts in product(_SYLLABLES, repeat=4))
    return [*_KNOWN, *(next(made) for _ in range(SIZE - len(_KNOWN)))]


def common() -> list[str]:
    """Words that stand in about a fifth to a seventh of all documents."""
    return _KNOWN[:3]


def rare() -> list[str]:
    """Words that stand in exactly ten documents each, in data of a thousand incidents and more."""
    return [f"zq{_SYLLABLES[n % 16]}{_SYLLABLES[n // 16]}{_SYLLABLES[(n * 7) % 16]}j" for n in range(RARE)]


class Writer:
    """Writes titles and descriptions, the same ones for the same seed."""

    def __init__(self, count: int, seed: int = 5) -> None:
        self._random = random.Random(seed)
        self._words = vocabulary()
        self._weights = list(accumulate(1 / (rank + SHIFT) for rank in range(SIZE)))
        self._step = max(count // (RARE * RARE_DOCUMENTS), 1)
        self._rare = rare()

    def text(self, place: int) -> tuple[str, str]:
        """Title and description of the incident at `place` (from 1)."""
        words = self._random.choices(self._words, cum_weights=self._weights, k=TITLE_WORDS + DESCRIPTION_WORDS)
        turn, rest = divmod(place, self._step)
        if rest == 0 and turn <= RARE * RARE_DOCUMENTS:
            words.append(self._rare[turn % RARE])
        return " ".join(words[:TITLE_WORDS]).capitalize(), " ".join(words[TITLE_WORDS:])
