"""A formula with one misprint in it, and whether the draws notice."""
