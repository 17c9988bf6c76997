"""What helps to write a deck: starters, the schema for editors, the gallery of plots, repairs, the library's door."""
