"""What holds the walls: imports, foreign keys, names, sizes and habits, each with proof that it bites."""
