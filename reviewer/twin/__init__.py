"""The twin medium: the second copy of the keys, and keys that come back from it."""
