"""English as Quell writes it."""
