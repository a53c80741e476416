"""``tipline-duty``: opens posts of relays, judges them, and rings until a person acknowledges.

It runs on a duty machine that is online. It holds a duty key, which opens copy A of each post, and the ids of one
week. It may import ``crypto``, ``onion`` and ``system``.
"""
