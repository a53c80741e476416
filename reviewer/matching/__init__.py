"""Likeness of names. It only raises a question: no person is ever joined by it."""
