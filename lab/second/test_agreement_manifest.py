"""Manifests, the way from one to the next, and the keys of a day: both implementations say the same."""

import datetime as dt
import hashlib
import json
from random import Random
from typing import Any

import pytest

from crypto.keys.keys import RootVerifyKey
from crypto.manifests import manifest
from crypto.manifests.manifest_body import Manifest
from lab.second import manifest as second_manifest
from lab.second import seal
from lab.second.agreement import ROOT, ROWS, SENDER, agreed, changed, first_party, second_party_of, sound
from lab.second.mutation import canonical, mutated


def first_manifest(raw: bytes) -> object:
    found = Manifest.parse(raw)
    derivation = found.derivation
    return (
        (found.version, found.previous_sha256, found.organisation, found.issued, found.expires),
        (derivation.salt, derivation.memory_kib, derivation.passes, derivation.lanes),
        [first_party(party) for party in found.servers],
        [first_party(party) for party in found.reviewers],
        {(entry.week.year, entry.week.number): [key.to_bytes() for key in entry.keys] for entry in found.intake},
        {
            (entry.quarter.year, entry.quarter.number): [key.to_bytes() for key in entry.keys]
            for entry in found.sealed
        },
        [key.to_bytes() for key in found.duty],
    )


def second_manifest_of(raw: bytes) -> object:
    found = second_manifest.read_manifest(raw)
    return (
        (found.version, found.previous, found.organisation, found.issued, found.expires),
        found.derivation,
        [second_party_of(party) for party in found.servers],
        [second_party_of(party) for party in found.reviewers],
        found.intake,
        found.sealed,
        found.duty,
    )


def agreed_manifest(raw: bytes) -> str:
    return agreed(lambda: first_manifest(raw), lambda: second_manifest_of(raw), raw)


def small_manifest() -> Any:
    return json.loads(next(raw for raw in sound("manifest", "manifest") if len(raw) < 5000))


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_manifests_both_say_the_same(row: int) -> None:
    random = Random(f"manifest {row}")
    big, small = max(sound("manifest", "manifest"), key=len), canonical(small_manifest())
    with_duty = next(raw for raw in sound("manifest", "manifest") if b'"duty"' in raw)
    for place in range(60):
        agreed_manifest(changed(random, big if place % 10 == 0 else with_duty if place % 4 == 1 else small))


@pytest.mark.parametrize(
    ("issued", "expires"),
    [
        ("1999-12-31", "2000-01-01"),
        ("2000-01-01", "2000-01-01"),
        ("2999-12-31", "3000-06-01"),
        ("3000-01-01", "3000-01-02"),
        ("0001-01-01", "0001-01-02"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_of_the_years_of_a_manifest_both_say_the_same(issued: str, expires: str) -> None:
    agreed_manifest(canonical({**small_manifest(), "issued": issued, "expires": expires}))


def test_of_300_signs_in_a_name_both_say_the_same() -> None:
    random = Random("organisation")
    for _ in range(300):
        sign = chr(random.choice((random.randrange(0x3000), random.randrange(0x20000))))
        name = random.choice((f"a{sign}b", f"{sign}b", f"a{sign}", f"e{sign}\u0301"))
        agreed_manifest(canonical({**small_manifest(), "organisation": name}))


def signed_chain(random: Random) -> list[tuple[bytes, bytes]]:
    """Manifests with their signatures, versions 1 to 6, some of them with a fault in the chain, in any order."""
    base, previous, made = small_manifest(), None, []
    for version in range(1, 7):
        issued = dt.date(2026, 11, 25) + dt.timedelta(version)
        document = {**base, "version": version, "previous": previous, "issued": issued.isoformat()}
        document["expires"] = (issued + dt.timedelta(random.choice((0, 5, 60)))).isoformat()
        if random.random() < 0.06:
            document["argon2"] = {**base["argon2"], "passes": 4}
        raw = canonical(document)
        made.append(raw)
        if random.random() < 0.08:
            made.append(canonical({**document, "organisation": "Another"}))
        previous = hashlib.sha256(raw).hexdigest() if random.random() < 0.93 else "ab" * 32
    return [(raw, seal.signature_file(SENDER, raw)) for raw in made]


def agreed_way(
    random: Random, firsts: list[manifest.VerifiedManifest], seconds: list[second_manifest.Manifest]
) -> str:
    """From one of them, or from none, along some of them in any order."""
    run = random.sample(range(len(firsts)), random.randrange(1, len(firsts) + 1))
    at = random.choice((None, *range(len(firsts))))
    seen = random.choice((0, 0, 3, 7))
    today = dt.date(2026, 11, 25) + dt.timedelta(random.randrange(-1, 14))

    def first() -> object:
        current, newer = None if at is None else firsts[at], [firsts[one] for one in run]
        return manifest.adopt(current, newer, highest_seen=seen, today=today).sha256

    def second() -> object:
        current, newer = None if at is None else seconds[at], [seconds[one] for one in run]
        return second_manifest.adopt(current, newer, highest_seen=seen, today=today).sha256

    return agreed(first, second, (run, at, seen, today))


@pytest.mark.parametrize("row", ROWS)
def test_of_every_way_from_one_manifest_to_another_both_say_the_same(row: int) -> None:
    random = Random(f"adopt {row}")
    outcomes = set()
    for _ in range(12):
        chain = signed_chain(random)
        firsts = [manifest.verify_manifest(raw, by, root=RootVerifyKey(ROOT)) for raw, by in chain]
        seconds = [second_manifest.verify_manifest(raw, by, root=ROOT) for raw, by in chain]
        outcomes |= {agreed_way(random, firsts, seconds) for _ in range(20)}
    assert {"opens", "forked", "rolled back", "out of order"} <= outcomes


def test_the_keys_of_a_day_are_the_same_for_both() -> None:
    raw = max(sound("manifest", "manifest"), key=len)
    by = seal.signature_file(SENDER, raw)
    one = manifest.verify_manifest(raw, by, root=RootVerifyKey(ROOT))
    other = second_manifest.verify_manifest(raw, by, root=ROOT)
    outcomes = set()
    for days in range(-60, 500):
        today = one.manifest.issued + dt.timedelta(days)

        def first(today: dt.date = today) -> object:
            week = one.intake_week(today).week
            return week.year, week.number

        def first_quarter(today: dt.date = today) -> object:
            quarter = one.sealed_quarter(today).quarter
            return quarter.year, quarter.number

        outcomes.add(agreed(first, lambda today=today: second_manifest.intake_week(other, today), today))
        agreed(first_quarter, lambda today=today: second_manifest.sealed_quarter(other, today), today)
    assert outcomes == {"opens", "expired", "too early"}


@pytest.mark.parametrize("row", ROWS)
def test_of_signed_manifests_as_items_both_say_the_same(row: int) -> None:
    random = Random(f"signed {row}")
    raw = canonical(small_manifest())
    item = len(raw).to_bytes(4, "big") + raw + seal.signature_file(SENDER, raw)

    def first(item: bytes) -> object:
        signed = manifest.SignedManifest.parse(item)
        return manifest.verify_manifest(signed.raw, signed.signature, root=RootVerifyKey(ROOT)).sha256

    def second(item: bytes) -> object:
        return second_manifest.verify_item(item, root=ROOT).sha256

    assert agreed(lambda: first(item), lambda: second(item)) == "opens"
    for _ in range(60):
        other = mutated(random, item, (b"\0\0\0\0", b"\0\x41\0\0", b"\n"))
        agreed(lambda other=other: first(other), lambda other=other: second(other), other)
