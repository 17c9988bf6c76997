"""An edition for every student: a roster, a seed for each row, and the work shared out over processes or machines."""
