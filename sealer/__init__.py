"""The sealer, ``tipline-seal``: locks files for the reviewers before they are sent.

It runs on a source's own computer and uses no network. It holds no secret: it seals to public keys. It may import
``crypto`` and ``system``.
"""
