"""Reading tasks, checklists and templates."""
