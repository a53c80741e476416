"""Our fingerprints beside those that the makers of PDQ publish, for a picture that they publish too.

``scripts/corpora`` fetches the picture. Its package has the fingerprints of it and of eleven changed copies, and of
four other pictures. Those of the eight positions are what the reference program in C++ is held to.
"""

import re

import pytest

from lab.corpora.fetch import FINGERPRINTS
from lab.corpora.members import published
from lab.reviewer.test_fingerprints import OTHER, SAME
from reviewer.clean_copy.children import Children
from reviewer.clean_copy.fingerprints import Fingerprint, fingerprint_of
from reviewer.clean_copy.picture_kind import PictureKind

EIGHT_POSITIONS = [
    "d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22",
    "f0a10efd51c83d429053d48d0fffbc52e34e0e17ada956a9d29685211ea9e58f",
    "adad5a64b5a102e55b62a88052dacd5ae63b847fc337b4b766b399361bc93188",
    "a5f0b457248995e8c1065c275aaa56d8b61ba4bdf8fcfc0383c32f8b0bfc4f05",
    "d8f80f31e0f457b00637f5d5038f980fb36ed12a9662c1e233e64c634e9c64dd",
    "8dada49991a1bd1a5362577742da32a5e63b7b80c2364b4866b346c91bc9ce77",
    "f0a1e10271ccc0bd90530b720fff038de34ef1e8ada9a956d6967ade5ea91a50",
    "a5f44ba8a4996a17cd06a1d85aaaa927b61b5b42f8fc03fc83c3d0740bfcb0fa",
]
"""Of the picture, turned and mirrored: pdq/cpp/reg_test/expected/out in the sources of ThreatExchange."""

COPIES = 12
"""The first fingerprints of the package are of this picture: as it is, sharper, smaller, with a logo, …"""


@pytest.fixture(scope="module")
def archive() -> dict[str, bytes]:
    return {name.partition(": ")[2]: content for name, content in published(FINGERPRINTS)}


@pytest.fixture(scope="module")
def ours(archive: dict[str, bytes]) -> Fingerprint:
    return fingerprint_of(archive["data/sample-b.jpg"], PictureKind.JPEG, children=Children())


def bits_apart(ours: Fingerprint, theirs: str) -> int:
    return ours.distance(Fingerprint(int(theirs, 16), 100))


def test_a_published_picture_has_its_published_fingerprint_within_16_bits(
    archive: dict[str, bytes], ours: Fingerprint
) -> None:
    theirs = re.findall("[0-9a-f]{64}", archive["threatexchange/signal_type/pdq/signal.py"].decode())
    assert (ours.bits ^ int(theirs[0], 16)).bit_count() <= 2
    assert ours.quality == 100
    assert max(bits_apart(ours, one) for one in theirs[:COPIES]) <= SAME
    assert len(theirs) > COPIES
    assert min(bits_apart(ours, one) for one in theirs[COPIES:]) >= OTHER


def test_the_eight_positions_of_the_reference_program_are_found_within_16_bits(ours: Fingerprint) -> None:
    assert len(EIGHT_POSITIONS) == 8
    assert max(bits_apart(ours, one) for one in EIGHT_POSITIONS) <= SAME
