"""The addresses of the clocks: reports, and the escalation matrix."""
