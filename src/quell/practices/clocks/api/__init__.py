"""Reports of clocks for programs."""
