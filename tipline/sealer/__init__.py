"""``tipline-seal``: seals files for an organisation on a computer of one's own, and can open none.

It stands in ``tipline`` because that is the side that seals. It shares nothing with the server but three small
modules about errors, whole files and the day, needs no extra, and touches no network: ``docs/adr/0011-…``.
"""
