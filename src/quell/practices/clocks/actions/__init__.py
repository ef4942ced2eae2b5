"""What changes clocks: the follower, the sweep, restating, judging."""
