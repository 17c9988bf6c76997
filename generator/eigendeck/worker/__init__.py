"""The process that runs card code. Its modules import the standard library and NumPy, and nothing of the parent's."""
