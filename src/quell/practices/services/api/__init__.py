"""Services for programs."""
