"""What is measured and pictured on the running product with its demonstration company: `make weights`, `make pictures`.

These are no tests: they print, and they write pictures. What must hold is held by tests/journey.
"""
