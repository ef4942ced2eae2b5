"""How the product is started, watched, stopped, served, saved and brought back."""
