"""Reading communications, always through somebody's eyes."""
