"""A month of kept and broken promises, and browsers of those who look at it."""

from tests.clocks.conftest import people, promised  # noqa: F401
