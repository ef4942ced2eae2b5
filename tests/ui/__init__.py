"""The design system: colours, weights, the renderer, templates, and how it behaves in a real browser."""
