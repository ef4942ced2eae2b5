"""The verbs of the service desk's own upkeep."""
