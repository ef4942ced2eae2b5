"""Reading incidents, always through somebody's eyes."""
