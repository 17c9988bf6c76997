"""The formula with its numbers, from the syntax tree of the code."""
