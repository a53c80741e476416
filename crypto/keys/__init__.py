"""Keys: their kinds, their text forms, and their files."""
