"""The face of Quell: tokens, components, shells, template tags and the one renderer of people's text."""
