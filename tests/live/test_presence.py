"""Who looks at a record: kept for seconds, the most important of it shown, and the same after the way between
processes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quell.kernel.live.hints import LONGEST, Hint
from quell.kernel.live.presence import KEPT, Board, Place, Presence, Seen

VPN = Place(7, "INC-000007", 1, 2, None, None)
MAIL = Place(8, "INC-000008", 1, None, 5, 6)


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def board(clock: Clock) -> Board:
    return Board(clock)


def doing(what: str, person: int = 5, page: str = "one", place: Place = VPN, field: str = "") -> Presence:
    return Presence(place, person, page, what, field)


def test_those_who_write_to_the_requester_come_first(board: Board) -> None:
    board.put(doing("viewing", 3))
    board.put(doing("editing", 4, field="priority"))
    board.put(doing("replying", 9))
    board.put(doing("noting", 1))
    assert board.on(7) == (
        Seen(9, "replying", ""), Seen(1, "noting", ""), Seen(4, "editing", "priority"), Seen(3, "viewing", ""),
    )  # fmt: skip


def test_only_what_changes_the_picture_is_news(board: Board) -> None:
    assert board.put(doing("viewing")) == [VPN]
    assert board.put(doing("viewing")) == []
    assert board.put(doing("replying")) == [VPN]
    assert board.put(doing("viewing", page="two")) == []  # a second tab that does less
    assert board.put(doing("")) == [VPN]  # the first is closed; the second still looks
    assert board.on(7) == (Seen(5, "viewing", ""),)


def test_a_page_that_moves_on_leaves_no_trace(board: Board) -> None:
    board.put(doing("replying"))
    assert board.put(doing("viewing", place=MAIL)) == [VPN, MAIL]
    assert board.on(7) == ()
    assert board.on(8) == (Seen(5, "viewing", ""),)


def test_silence_ends_it(board: Board, clock: Clock) -> None:
    board.put(doing("viewing", 5))
    clock.now += KEPT - 1
    board.put(doing("viewing", 6))
    clock.now += 1
    assert board.on(7) == (Seen(6, "viewing", ""),)
    assert list(board.expire()) == [7]
    assert board.expire() == {}
    clock.now += KEPT
    assert list(board.expire()) == [7]
    assert board.on(7) == ()
    assert board.everything() == []


def test_one_tab_of_two_falling_silent_is_no_news(board: Board, clock: Clock) -> None:
    board.put(doing("viewing", page="one"))
    clock.now += 5
    board.put(doing("viewing", page="two"))
    clock.now += KEPT - 5
    assert board.expire() == {}
    assert board.on(7) == (Seen(5, "viewing", ""),)


def test_the_record_takes_its_pages_along(board: Board) -> None:
    board.put(doing("viewing"))
    board.moved(7, team_id=3, owner_id=1, assignee_id=9)
    (one,) = board.everything()
    assert one.place == replace(VPN, team_id=3, owner_id=1, assignee_id=9)


def test_what_is_said_together_arrives_together() -> None:
    hint = Hint(journal=True)
    hint.add(Hint(rights=True, inboxes=range(1, 700)))
    hint.add(Hint(presences=[doing("editing", person, "p" * 40, MAIL, "f" * 40) for person in range(45)]))
    texts = hint.texts()
    assert all(len(text.encode()) < LONGEST for text in texts)
    back = Hint()
    for text in texts:
        back.add(Hint.read(text))
    assert (back.journal, back.rights, back.inboxes) == (True, True, set(range(1, 700)))
    assert back.presences == hint.presences


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"p": [[1]]}', '{"p": 3}', '{"i": 3}'])
def test_what_nobody_understands_says_nothing(text: str) -> None:
    assert not Hint.read(text)
