"""The pages of a duty machine, on loopback and without JavaScript."""
