"""The verbs of an incident, one file each. Importing the package registers them."""

from . import (  # noqa: F401
    assign,
    attach,
    comment,
    count_in,
    edit,
    escalate,
    hold,
    link,
    report,
    resolve,
    start,
    transfer,
    watch,
)
