"""Secret words of a source, and what is derived from them."""
