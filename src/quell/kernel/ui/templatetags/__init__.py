"""Template tags of the design system; `{% load quell_ui %}`."""
