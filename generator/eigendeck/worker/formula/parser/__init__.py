"""LaTeX becomes a tree, and a tree LaTeX again."""
