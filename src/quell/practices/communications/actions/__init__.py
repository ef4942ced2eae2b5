"""The verbs of communications."""
