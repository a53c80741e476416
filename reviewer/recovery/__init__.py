"""The key ceremony, backups, recovery sheets, and homes that are made from them."""
