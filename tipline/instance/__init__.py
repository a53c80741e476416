"""The folder of one tip line: identity, keys, settings, forms, texts."""
