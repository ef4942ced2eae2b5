"""The addresses of tasks, checklists and their templates."""
