"""The desk: the casebook in a browser on the same machine, for one person in front of it."""
