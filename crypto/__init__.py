"""Formats and keys of the tip line: what is sealed, how, to whom, and how it is opened again.

Nothing here knows a server, a reviewer, a network or a file system. Each format has a page in ``docs/formats/``.
"""
