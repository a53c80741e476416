"""How much of the manifest chain a bundle carries: nearly always all of it.

The state of a server or another reviewer is not known here. A server's envelopes prove nothing once it was
restored, and other reviewers send nothing at all.
"""

from collections.abc import Sequence
from typing import Final

from crypto.manifests.manifest import SignedManifest
from crypto.manifests.manifest_chain import MOST_BEFORE

MOST_BYTES: Final = 32 << 20
"""Two years of manifests that are issued every other week. A server takes twice as much in one bundle."""


def newest_that_fit(run: Sequence[SignedManifest]) -> list[SignedManifest]:
    """The end of ``run``, oldest first, in at most :data:`MOST_BYTES` and as many files as a reader takes."""
    left_bytes = MOST_BYTES
    carried: list[SignedManifest] = []
    for signed in reversed(run[-MOST_BEFORE:]):
        left_bytes -= len(signed.to_bytes())
        if left_bytes < 0:
            break
        carried.append(signed)
    return carried[::-1]
