"""Formats and keys of the tip line: how things are sealed, to whom, and how they are opened.

It is part of every program that seals or opens. It holds keys only while one of its functions runs. It imports none
of our packages, and knows no server, reviewer, network or folder. Each format has a page in ``docs/formats/``.
"""
