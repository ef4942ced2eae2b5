"""The one writer of tables for other programs: CSV and Excel, row by row, whatever their length.

What people wrote must not become a formula in the reader's spreadsheet: a text that begins like one gets an
apostrophe before it (security.md, CSV/formula), and no cell of an Excel file is ever a formula or a link.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

FORMATS = ("csv", "xlsx")
#: Excel's own limit for a cell, and for a sheet.
LONGEST_CELL, MOST_ROWS = 32_767, 1_048_576
_RISKY = re.compile(r"^\s*[=+\-@|%\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
#: What XML cannot say, and no spreadsheet shows.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def harmless(value: object) -> str | int | float | datetime | None:
    """A cell's content as it may be written: numbers and times as they are, texts that are no formula."""
    if value is None or (isinstance(value, (int, float, datetime)) and not isinstance(value, bool)):
        return value
    text = _UNPRINTABLE.sub("", str(value))
    if _RISKY.match(text) and not _NUMBER.fullmatch(text.strip()):
        text = f"'{text}"
    return text[:LONGEST_CELL]


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A CSV file that Excel opens as it is: UTF-8 with its mark, times in ISO 8601."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([harmless(one) for one in header])
        for row in rows:
            writer.writerow([_plain(harmless(one)) for one in row])


def _plain(value: str | float | datetime | None) -> str | float | None:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value


def write_xlsx(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """An Excel file with one sheet, its first row fixed. Times stand in the zone they are given in."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
        bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(header):
            sheet.write_string(0, column, str(harmless(name)), bold)
            sheet.set_column(column, column, 18)
        for line, row in enumerate(rows, start=1):
            for column, content in enumerate(row):
                value = harmless(content)
                if isinstance(value, str):
                    sheet.write_string(line, column, value)
                elif isinstance(value, datetime):
                    sheet.write_datetime(line, column, value, moment)
                elif value is not None:
                    sheet.write_number(line, column, value)


WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
