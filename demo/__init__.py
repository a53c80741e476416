"""A whole tip line on one machine, in a throw-away folder, to look at or to play one journey.

It runs in a checkout, on a developer's machine, and is in no package. It holds the keys of its own invented
organisation. It may import every package, and drives the programs from outside, as staff and sources would.
"""
