"""Work on many batches in several processes at once, for commands: each has a connection of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from django.db import connections

T = TypeVar("T")
R = TypeVar("R")

#: More would only wait for the database, which works as hard as they do.
MOST = 4


def side_by_side(work: Callable[[T], R], batches: Iterable[T]) -> Iterator[R]:
    """What `work` gives for each batch, in their order, done by a process for each core that this one may use; as
    `map` where there is one core, or one batch. What fails in one of them fails here."""
    batches = list(batches)
    processes = min(len(os.sched_getaffinity(0)), len(batches), MOST)
    if processes < 2:
        yield from map(work, batches)
        return
    # A connection cannot be shared by two processes: each opens its own. Forked, they know all that is known here.
    connections.close_all()
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        yield from pool.map(work, batches)
