"""A deck in the browser while it is written: worked card by card as its files are saved."""
