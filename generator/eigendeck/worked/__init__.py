"""Stage 2, this side of the wire: cards become worked examples, by jobs for the sandboxed worker."""
