"""``tipline-relay``: hears buttons for help, seals what it hears, and posts at a constant rate.

It runs on a small computer near a button. It holds the relay's secret and marks of a few days, and no key that
opens a sighting. It may import ``crypto``, ``onion`` and ``system``.
"""
