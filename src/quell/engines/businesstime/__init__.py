"""Working time: calendars, and how much of the time between two moments they were open. Pure.

docs/reference/business-time.md tells what a calendar is; domain.md 5.1 has the rules, 7.1 the examples (S01–S31).
`calendar.py` says what a calendar says, `combining.py` makes one of several, `compiling.py` maps it to UTC,
`timetable.py` counts, `bulk.py` counts millions, `days.py` knows working days, `reading.py` takes and gives JSON,
`reasoning.py` shows the sum. ISO/IEC 20000-1:2018 8.3.3 (service levels are agreed and measured) is what it is for.
"""
