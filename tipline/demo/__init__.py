"""A whole tip line on one machine, in a throw-away folder: to be looked at, and to play one journey through it.

Everything here drives the real programs from outside, as staff and sources would; nothing imports their insides.
"""
