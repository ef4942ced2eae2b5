"""What is said at once to those who have a page open: that a record changed, who else looks at it, that a
counter moved.

Only ids and codes are said here; what they mean, a page asks for itself, with its reader's rights. Nothing here is
a fact to rely on: whoever misses a word finds the same on the next page (docs/why/decisions/0011-live-updates.md).
"""
