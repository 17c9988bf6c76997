"""Stage 1: a folder of YAML files becomes a Deck, or the faults of all of them."""
