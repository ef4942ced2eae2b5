"""The service desk's addresses."""
