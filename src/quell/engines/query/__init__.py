"""The query language: from text to a checked tree and back, and what may stand at a caret. Pure.

`priority<=2 team:network,desk -category:printer opened>-7d "exact words"`; docs/reference/query-language.md.
Which fields there are is told by the caller (`fields.py`); what they mean in the database, too.
"""
