"""Eigendeck: flashcards and cheat sheets whose worked examples are computed, never typed."""

__version__ = "0.1.0"
