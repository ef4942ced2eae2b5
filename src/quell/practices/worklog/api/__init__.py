"""The addresses of time worked."""
