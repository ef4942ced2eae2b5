"""The verbs of a task, one file each. Importing the package registers them."""

from . import assign, comment, complete, edit, place, tending  # noqa: F401
