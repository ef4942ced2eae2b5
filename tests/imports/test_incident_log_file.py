"""Files that are not what they should be: one plain sentence each, and nothing of them is taken in."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from quell.kernel.config.refusal import Refusal
from quell.practices.incidents.imports import words
from quell.practices.incidents.imports.log_file import LONGEST_LINE, rows
from quell.practices.incidents.imports.reference_data import slug
from quell.practices.incidents.rules.incident_log_rows import Refused

from .log_rows import as_text, life, write


def sentence(path: Path) -> str:
    with pytest.raises(Refusal) as refused:
        list(rows(path))
    said = refused.value.sentence
    assert said.endswith(".") and "\n" not in said
    return said


def test_plain_and_gzip_are_told_apart_by_content_not_by_name(tmp_path: Path) -> None:
    content = as_text(life()).encode()
    plain, packed = tmp_path / "a.csv.gz", tmp_path / "b.csv"
    plain.write_bytes(content)
    packed.write_bytes(gzip.compress(content))
    assert list(rows(plain)) == list(rows(packed))
    assert [line for line, _ in rows(plain)] == [1, 2, 3, 4, 5, 6]


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(b"\xef\xbb\xbf" + as_text(life()).replace("\n", "\r\n").encode())
    assert next(rows(path))[1][0] == "number"
    assert len(list(rows(path))) == 6


def test_a_cell_over_two_lines_keeps_the_line_it_starts_on(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text('a,b\n"one\ntwo",x\nlast,y\n')
    assert list(rows(path)) == [(1, ["a", "b"]), (2, ["one\ntwo", "x"]), (4, ["last", "y"])]


def test_a_file_cut_off(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv.gz", life())
    path.write_bytes(path.read_bytes()[:-12])
    assert "not complete" in sentence(path)


def test_a_damaged_file(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv.gz", life())
    content = bytearray(path.read_bytes())
    content[40:60] = b"\x00" * 20
    path.write_bytes(bytes(content))
    assert "damaged" in sentence(path) or "UTF-8" in sentence(path)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"number,incident_state\nINC1,\xff\xfe\n", "Line 2 of log.csv is not UTF-8"),
        (b"number,incident_state\nINC1,New\nINC\x002,New\n", "Line 3 of log.csv holds a NUL byte"),
        (b'number\n"never closed\nINC1\n', "is not well-formed"),
        (b"x" * (LONGEST_LINE + 1), "longer than a megabyte"),
        (b"PK\x03\x04rest", "zip archive"),
        ("number\n".encode("utf-16"), "UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(tmp_path: Path, content: bytes, part: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    assert part in sentence(path)


def test_a_small_file_that_unpacks_without_end_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"x" * (LONGEST_LINE * 64)))
    assert "longer than a megabyte" in sentence(path)


def test_what_is_no_file(tmp_path: Path) -> None:
    assert "No such file" in sentence(tmp_path / "nowhere.csv")
    assert "not an ordinary file" in sentence(tmp_path)
    with zipfile.ZipFile(tmp_path / "log.csv.zip", "w") as archive:
        archive.writestr("log.csv", "number\n")
    assert "unpack it first" in sentence(tmp_path / "log.csv.zip")


def test_every_refusal_and_every_oddity_has_its_words() -> None:
    for code in words._REFUSALS:
        assert "%(" not in words.refusal(Refused(3, "INC1", code, "opened_at", "x"))
    for code in words._ODDITIES:
        assert words.oddity(code) != code


def test_two_labels_never_share_a_code() -> None:
    labels = ["Group 56", "group 56", "Group_56", "Group-56", "Group 056", "GROUP 56", "Gruppe Ø", "部门", "部門", "?!"]
    labels += ["x" * 90, "x" * 91, "Group " + "5" * 60]
    codes = [slug(label) for label in labels]
    assert len(set(codes)) == len(labels)
    assert codes[0] == "group-56"
    assert all(0 < len(code) <= 41 and code.strip("-") == code for code in codes)
