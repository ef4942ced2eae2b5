"""The front door of the clocks: what runs on a record, why, and what became of it."""

from __future__ import annotations

from .actions.excluding import Decision
from .actions.excluding import decide as decide_exclusion
from .actions.history import apply_to_history, give_history
from .actions.judge import Judgement, judge
from .actions.steps import copy_shipped, create_step, delete_step, edit_step
from .actions.sweep import sweep
from .actions.verify import Difference, Verified, as_json, verify
from .permissions import may_judge
from .queries.asking import BASES, Asked, asked_of, of_period, zone_of
from .queries.asking import GROUPS as _GROUPED
from .queries.attainment import Figures, Report, report
from .queries.behind import PAGE, Line, Sought, known_figure, place_of, read_place, write_place
from .queries.behind import count as count_behind
from .queries.behind import decided as decided_figure
from .queries.behind import every as every_behind
from .queries.behind import lines as lines_behind
from .queries.deciding import MOST as MOST_EXCLUSIONS
from .queries.deciding import Exclusion, exclusions
from .queries.deciding import waiting as exclusions_waiting
from .queries.explain import Explained, explain, segment_json
from .queries.forecast import WINDOWS, Coming, Forecast, Next, forecast
from .queries.held import HeldReport, Share, Ticket, held, held_tickets, known_holder
from .queries.holders import Held, holders
from .queries.material import register_facts
from .queries.matrix import Hearing, would_hear
from .queries.matrix import holding as steps_in
from .queries.matrix import of_place as steps_of
from .queries.matrix import one as step
from .queries.matrix import page as step_page
from .queries.matrix import spoken_at as step_speaks_at
from .queries.matrix import warned as warned_percents
from .queries.naming import cause as cause_word
from .queries.naming import names as group_names
from .queries.shelf import register_meaning
from .queries.standing import standings
from .queries.telling import people_in, told
from .queries.why import why
from .rules.causes import CAUSES
from .rules.dividing import HOLDERS
from .rules.periods import KINDS as PERIODS
from .rules.periods import Period, months_until
from .rules.periods import of_moment as period_of
from .rules.standing import Standing, next_due

#: What reports can be grouped by.
GROUPS = tuple(_GROUPED)

__all__ = [
    "BASES", "CAUSES", "GROUPS", "HOLDERS", "MOST_EXCLUSIONS", "PAGE", "PERIODS", "WINDOWS", "Asked", "Coming",
    "Decision", "Difference", "Exclusion", "Explained", "Figures", "Forecast", "Hearing", "Held", "HeldReport",
    "Judgement", "Line", "Next", "Period", "Report", "Share", "Sought", "Standing", "Ticket", "Verified",
    "apply_to_history", "as_json", "asked_of", "cause_word", "copy_shipped", "count_behind", "create_step",
    "decide_exclusion", "decided_figure", "delete_step", "edit_step", "every_behind", "exclusions",
    "exclusions_waiting", "explain", "forecast", "give_history", "group_names", "held", "held_tickets", "holders",
    "judge", "known_figure", "known_holder", "lines_behind", "may_judge", "months_until", "next_due", "of_period",
    "people_in", "period_of", "place_of", "read_place", "register_facts", "register_meaning", "report", "segment_json",
    "standings", "step", "step_page", "step_speaks_at", "steps_in", "steps_of", "sweep", "told", "verify",
    "warned_percents", "why", "would_hear", "write_place", "zone_of",
]  # fmt: skip
