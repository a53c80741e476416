"""Media that staff plug in: the root key, backups, and offers on them."""
