"""Which entities are protected, and how that outlives the tip in which it was said."""
