"""The verbs of an incident, one file each. Importing the package registers them."""

from . import (  # noqa: F401
    add_tasks,
    alarm,
    assign,
    attach,
    comment,
    count_in,
    de_escalate,
    edit,
    escalate,
    hold,
    link,
    merge,
    receive,
    report,
    resolve,
    split,
    start,
    transfer,
    watch,
)
