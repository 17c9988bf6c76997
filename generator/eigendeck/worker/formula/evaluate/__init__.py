"""A tree becomes values, on one draw."""
