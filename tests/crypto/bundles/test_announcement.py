"""Announcements of what a program reads: ``docs/formats/announcement.md``."""

from typing import Any

import pytest

from crypto.bundles.announcement import READ_HERE, sign_announcement, verify_announcement
from crypto.keys.keys import PartySigningKey, RootVerifyKey
from crypto.manifests.manifest_body import DUTY
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of


@pytest.mark.parametrize("vector", list(VectorBook("announcement")), ids=lambda vector: vector["name"])
def test_an_announcement_has_the_outcome_that_its_vector_names(vector: dict[str, Any]) -> None:
    raw, root = bytes_of(vector["item"]), RootVerifyKey.parse(vector["root"])
    assert outcome_of(lambda: verify_announcement(raw, root=root)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        found = verify_announcement(raw, root=root)
        assert (str(found.party), list(found.reads)) == (vector["party"], vector["reads"])


def test_this_program_announces_that_it_reads_the_part_duty_and_its_bytes_never_differ() -> None:
    key, vector = PartySigningKey(bytes([1]) * 32), VectorBook("announcement")
    sound = next(one for one in vector if one["name"] == "item_sound")
    root = RootVerifyKey.parse(sound["root"])
    assert READ_HERE == (DUTY,)
    assert sign_announcement(key=key, root=root) == bytes_of(sound["item"])
