"""The reviewer's program, ``tipline-review``: reads messages and answers them.

It runs on a machine without a network. It holds the keys that open messages, and everything that was opened. It may
import ``crypto`` and ``system``.
"""
