"""Reading time worked."""
