"""The kind of record this room keeps. It has no public part: what is to be done stays among those who do it."""

from quell.kernel.records.numbers import Kind, register

KIND = register(Kind("task", "TSK", internal=True))
