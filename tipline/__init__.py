"""The server of the tip line.

It runs on the NGO's server, behind Tor, and seals what sources send while it arrives. It holds the database key,
the onion keys and its own signing key, and no key that opens a message. It may import ``crypto``, ``onion`` and
``system``; two of its commands start ``courier`` and ``outreach``.
"""
