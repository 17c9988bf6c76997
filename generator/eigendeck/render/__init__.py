"""Stage 4: worked examples and plots become the sides of cards and the boxes of the sheet."""
