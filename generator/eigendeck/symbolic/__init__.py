"""A card's NumPy code read as arithmetic: terms, arrays of terms, the functions on them, and the reading itself."""
