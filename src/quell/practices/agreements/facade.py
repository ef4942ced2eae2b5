"""The front door of the agreements: what was promised for what, and how it is measured."""

from __future__ import annotations

from typing import TypeAlias

from .actions import announcing
from .queries import book as promises

MetricRule: TypeAlias = promises.MetricRule
Promised: TypeAlias = promises.Promised
Book: TypeAlias = promises.Book
Activated: TypeAlias = announcing.Activated
Prospect: TypeAlias = announcing.Prospect

# For choices: the book of promises, its revision, a metric, a target of any version.
revision, book, metric, promised = promises.revision, promises.book, promises.metric, promises.promised
owners = promises.owners
#: The revision as an expression of SQL, for whoever asks for it along with something else.
REVISION = promises.REVISION
# For whoever follows: called when a version begins to hold, and asked beforehand what that would do.
when_activated, foresee = announcing.when_activated, announcing.foresee
