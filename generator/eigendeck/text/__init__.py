"""Text fields of cards: plain words with `code` and maths, harmless wherever they are shown."""
