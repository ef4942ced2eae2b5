"""The clock of a promise: a pure fold over what happened to a record (domain.md 5). Nothing here asks the time.

    clock = replay(events, {"office": timetable}, now)
    clock.current.due_at, clock.current.elapsed, clock.current.segments

`terms.py` says what was promised, `history.py` what happened, `course.py` folds it, `measuring.py` counts, `state.py`
is what comes out, `replay.py` puts them together. `warnings.py` says what to tell and when to look next, `starting.py`
from when to count, `holding.py` who held it, `comparing.py` what a correction would move, `writing.py` how terms are
kept. docs/reference/clocks.md has it in plain words. It serves ISO/IEC 20000-1:2018 8.3.3 (service levels) and 9.1
(measurement); every figure can be traced to the journal entries it comes from.
"""
