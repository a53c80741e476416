"""Opening envelopes with the keys of a home."""
