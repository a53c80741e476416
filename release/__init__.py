"""Makes a release: both packages, their bills of materials, digests and a signature.

It runs on a maintainer's computer, from a checkout, and is in no wheel. It holds the passphrase of the release key
while it runs, and never the key: the program ``minisign`` opens that. Of this project it may import
the formats of ``crypto`` only.
"""


class ReleaseRefused(Exception):
    """No release is made. The message says why, and the hint what to do."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
