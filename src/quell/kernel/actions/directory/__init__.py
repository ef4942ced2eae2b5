"""People and places: creating, changing and deactivating them, with rights checked and history written.

Administration pages, API and command line call the same functions. Nothing here is ever deleted: what is no longer
wanted is deactivated, so that history keeps its names.
"""
