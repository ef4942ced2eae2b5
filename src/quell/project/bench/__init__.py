"""The project's own benchmarks: made data, the real processes, and PostgreSQL's own floor beside every figure.

`data` fills a private instance, `stand` runs it as `quell up` would, `client` drives it, `floor` runs the same work
as bare statements, `measures` says what is measured and against which target, `report` prints it.
"""
