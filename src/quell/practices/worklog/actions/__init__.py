"""The verbs of time worked. Importing the package registers nothing: they belong to people, not to a state."""
