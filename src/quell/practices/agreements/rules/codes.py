"""The fixed words of agreements, and what each kind of agreement is about (domain.md 4.9, 5.2)."""

from __future__ import annotations

#: With a customer, with a team of our own, with a supplier.
SLA, OLA, UC = "sla", "ola", "uc"
KINDS = (SLA, OLA, UC)
#: Who signs: those who are promised something, and those who promise it.
CUSTOMER, PROVIDER = "customer", "provider"
SIDES = (CUSTOMER, PROVIDER)

#: A clock of its own for each team that holds the record, paused while others do.
TEAM = "team"
HOLDERS = ("", TEAM)

#: When a promise begins: when somebody told us, or when monitoring saw it (domain.md 5.6).
REPORTED, DETECTED = "reported", "detected"
START_RULES = (REPORTED, DETECTED)

#: When a promise speaks unless it says otherwise, in percents of its time: as it runs out (domain.md 5.3), and once
#: more when it is twice used up, for the last step of the matrix (domain.md 4.2). The breach speaks by itself.
WARN_AT = (50, 75, 90, 200)

#: Metrics that come with Quell.
ASSIGNMENT, RESPONSE, UPDATE, RESOLUTION = "assignment", "response", "update", "resolution"
FULFILMENT, APPROVAL, SUPPLIER = "fulfilment", "approval", "supplier"
HANDLING, ACCEPTANCE = "handling", "acceptance"
SHIPPED = (ASSIGNMENT, RESPONSE, UPDATE, RESOLUTION, FULFILMENT, APPROVAL, SUPPLIER, HANDLING, ACCEPTANCE)
