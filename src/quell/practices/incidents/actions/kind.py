"""The kind of record this room keeps."""

from quell.kernel.records.numbers import Kind, register

KIND = register(Kind("incident", "INC"))
