"""Ways from one manifest to another, and the keys of a day: the books of ``docs/formats/manifest.md``."""

import datetime as dt
from typing import Any

import pytest

from crypto.keys.keys import PartyVerifyKey, RootVerifyKey
from crypto.manifests.manifest import VerifiedManifest, adopt, verify_manifest
from tests.crypto.vector_outcome import outcome_of
from tests.vectors.book import OPENS, VectorBook, bytes_of

WAYS = list(VectorBook("adoption"))
DAYS = list(VectorBook("keys_of_a_day"))


def test_there_are_vectors() -> None:
    assert len(WAYS) >= 35
    assert len(DAYS) >= 20


def verified(pieces: list[Any], vector: dict[str, Any]) -> VerifiedManifest:
    manifest, signature = map(bytes_of, pieces)
    return verify_manifest(manifest, signature, root=RootVerifyKey(bytes.fromhex(vector["root"])))


def adopted(vector: dict[str, Any]) -> VerifiedManifest:
    """As a server does it: the run, then whether it is listed."""
    found = adopt(
        None if vector["current"] is None else verified(vector["current"], vector),
        [verified(one, vector) for one in vector["run"]],
        highest_seen=vector["highest_seen"],
        today=dt.date.fromisoformat(vector["today"]),
    )
    found.server(PartyVerifyKey(bytes.fromhex(vector["own"])))
    return found


@pytest.mark.parametrize("vector", WAYS, ids=lambda vector: vector["name"])
def test_a_way_ends_as_its_vector_says(vector: dict[str, Any]) -> None:
    assert outcome_of(lambda: adopted(vector)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        found = adopted(vector)
        assert (found.version, found.sha256.hex()) == (vector["version"], vector["sha256"])


def found_on_its_day(vector: dict[str, Any]) -> str:
    manifest = verified([vector["manifest"], vector["signature"]], vector)
    today = dt.date.fromisoformat(vector["today"])
    if vector["keys"] == "intake":
        return str(manifest.intake_week(today).week)
    return str(manifest.sealed_quarter(today).quarter)


@pytest.mark.parametrize("vector", DAYS, ids=lambda vector: vector["name"])
def test_the_keys_of_a_day_are_those_that_its_vector_says(vector: dict[str, Any]) -> None:
    assert outcome_of(lambda: found_on_its_day(vector)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        assert found_on_its_day(vector) == vector["found"]
