"""Rows of a model by `COPY`: the fast way in for many rows at once, with the defaults of the model filled
in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.db import connection, models


def copy(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> int:
    """Write rows, given as column name → value; returns how many.

    Columns that no row of this call names take the default of the model's field, or of the table when they
    are its serial key. Dictionaries and lists in JSON columns become JSON. Constraints hold as always;
    signals, `save` and `auto_now_add` do not run.
    """
    wanted = list(rows)
    if not wanted:
        return 0
    named = set(wanted[0])
    fields = [
        field
        for field in model._meta.concrete_fields
        if str(field.column) in named or not isinstance(field, models.AutoField | models.BigAutoField)
    ]
    columns = [str(field.column) for field in fields]
    unknown = named - set(columns)
    if unknown:
        raise ValueError(f"{model.__name__} has no {sorted(unknown)}")
    json_columns = {str(field.column) for field in fields if isinstance(field, models.JSONField)}
    defaults = {str(field.column): field.get_default() for field in fields}
    quoted = ", ".join(f'"{column}"' for column in columns)
    statement = f'COPY "{model._meta.db_table}" ({quoted}) FROM STDIN'
    with connection.cursor() as cursor, cursor.copy(statement) as out:
        for row in wanted:
            if row.keys() != named:
                raise ValueError("every row of one copy names the same columns")
            values = {**defaults, **row}
            out.write_row(
                [
                    orjson.dumps(values[column]).decode() if column in json_columns else values[column]
                    for column in columns
                ]
            )
    return len(wanted)


def next_ids(model: type[models.Model], count: int) -> list[int]:
    """Fresh primary keys from the sequence of a model's table, growing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [row[0] for row in cursor.fetchall()]
