"""``tipline-seal``: seals files for an organisation on a computer of one's own, and can open none.

It stands in ``tipline`` because that is the side that seals. It shares nothing with the server but four small
modules about errors, whole files, signals and the day, needs no extra, and touches no network: ``docs/adr/0011-…``.
"""
