"""LaTeX of cards: what may stand in it, and its two ways to a reader, MathJax and MathML."""
