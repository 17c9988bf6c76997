"""What a deck becomes: one module an output, each a function from values to bytes or text."""
