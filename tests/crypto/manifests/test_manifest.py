"""Manifests, one by one: ``docs/formats/manifest.md``. Runs of them are in ``test_manifest_adoption.py``."""

import copy
import dataclasses
import datetime as dt
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.errors import BadSignature, CryptoError, Expired, Malformed, NewerFormat, NotForUs, TooEarly
from crypto.keys import minisign
from crypto.keys.keys import DutySecretKey, IntakeSecretKey, RootSigningKey, SealedSecretKey
from crypto.keys.party import PartyKeys
from crypto.manifests.issued_keys import IntakeWeek, SealedQuarter
from crypto.manifests.manifest import Manifest, SignedManifest, VerifiedManifest, sign_manifest, verify_manifest
from crypto.manifests.manifest_body import FORMAT
from crypto.passphrases.mailbox import SiteDerivation
from crypto.primitives.canonical_json import Fields
from crypto.primitives.week import Quarter, Week
from tests.crypto.vector_outcome import outcome_of
from tests.organisation import TODAY, Organisation
from tests.vectors.book import OPENS, VectorBook, bytes_of

VECTORS = list(VectorBook("manifest"))
SERVER = PartyKeys.generate("server-1")
ORGANISATION = Organisation()
ISSUED = ORGANISATION.issue(SERVER.party())
ROOT = ORGANISATION.root


def test_there_are_vectors_and_each_has_a_name_of_its_own() -> None:
    assert len(VECTORS) >= 80
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_has_the_outcome_that_it_names(vector: dict[str, Any]) -> None:
    raw = bytes_of(vector["manifest"])
    assert outcome_of(lambda: Manifest.parse(raw)) == vector["outcome"]
    if vector["outcome"] == OPENS:
        assert Manifest.parse(raw).to_bytes() == raw


def test_without_the_part_duty_a_manifest_has_the_bytes_of_version_1_and_with_it_an_earlier_reader_says_newer() -> (
    None
):
    keys = [DutySecretKey(bytes([place]) * 32).public_key() for place in (31, 32)]
    with_part = dataclasses.replace(ISSUED.manifest, duty=tuple(keys))
    raw, signature = sign_manifest(with_part, root=ROOT)
    assert verify_manifest(raw, signature, root=ROOT.verify_key()).manifest == with_part
    part = b'"duty":["' + b'","'.join(str(key).encode() for key in with_part.duty) + b'"],'
    assert raw.replace(part, b"").replace(b'"format_version":3', b'"format_version":1') == ISSUED.raw
    assert dataclasses.replace(with_part, duty=()).to_bytes() == ISSUED.raw
    with pytest.raises(NewerFormat):
        Fields.of_document(raw, format_name=FORMAT, version=1, limit_bytes=len(raw))


def test_what_was_signed_is_verified_and_read_back() -> None:
    verified = verify_manifest(ISSUED.raw, ISSUED.signature, root=ROOT.verify_key())
    assert verified.manifest == ISSUED.manifest
    assert verified.manifest.to_bytes() == verified.raw
    assert verified.sha256 == ISSUED.sha256


def test_minisign_accepts_a_manifest_of_ours(tmp_path: Path) -> None:
    (tmp_path / "root.pub").write_bytes(minisign.public_key_file(ROOT.verify_key()))
    (tmp_path / "manifest.json").write_bytes(ISSUED.raw)
    (tmp_path / "manifest.json.minisig").write_bytes(ISSUED.signature)
    arguments = ["minisign", "-V", "-p", "root.pub", "-m", "manifest.json"]
    verified = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stderr


def test_a_manifest_by_another_root_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify_manifest(ISSUED.raw, ISSUED.signature, root=RootSigningKey.generate().verify_key())


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 255))
def test_a_changed_byte_anywhere_is_a_bad_signature(at: int, by: int) -> None:
    at %= len(ISSUED.raw)
    changed = ISSUED.raw[:at] + bytes([ISSUED.raw[at] ^ by]) + ISSUED.raw[at + 1 :]
    with pytest.raises(BadSignature):
        verify_manifest(changed, ISSUED.signature, root=ROOT.verify_key())


def test_nothing_is_parsed_before_the_signature_is_good() -> None:
    # A newer version and plain nonsense, both unsigned, get the same answer.
    for raw in (ISSUED.raw.replace(b'"format_version":1', b'"format_version":2', 1), b"", b"[" * 100_000):
        with pytest.raises(BadSignature):
            verify_manifest(raw, ISSUED.signature, root=ROOT.verify_key())


def test_a_signed_newer_version_is_told_as_newer_and_signed_nonsense_as_malformed() -> None:
    newer = ISSUED.raw.replace(b'"format_version":1', b'"format_version":2', 1)
    for raw, kind in ((newer, NewerFormat), (b"{}", Malformed), (b"[" * 100_000, Malformed)):
        with pytest.raises(kind):
            verify_manifest(raw, minisign.sign(raw, key=ROOT, trusted_comment=""), root=ROOT.verify_key())


def test_over_four_mebibytes_are_refused_before_the_signature_is_looked_at() -> None:
    with pytest.raises(Malformed, match="at most"):
        verify_manifest(bytes(4 * 2**20 + 1), b"", root=ROOT.verify_key())


def test_a_verified_manifest_has_no_other_maker() -> None:
    with pytest.raises(RuntimeError):
        VerifiedManifest()
    with pytest.raises(TypeError):
        copy.copy(ISSUED)


def test_a_verified_manifest_does_not_change() -> None:
    with pytest.raises(AttributeError):
        ISSUED.raw = b"other"
    with pytest.raises(dataclasses.FrozenInstanceError):
        ISSUED.manifest.version = 9  # type: ignore[misc]  # that this is refused is the claim


def test_as_an_item_of_a_bundle_it_is_read_back() -> None:
    assert SignedManifest.parse(ISSUED.signed.to_bytes()) == ISSUED.signed


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_a_pair_of_files_or_malformed(raw: bytes) -> None:
    try:
        signed = SignedManifest.parse(raw)
    except Malformed:
        return
    assert signed.to_bytes() == raw
    with pytest.raises(CryptoError):
        verify_manifest(signed.raw, signed.signature, root=ROOT.verify_key())


@pytest.mark.parametrize(
    ("today", "week"),
    [
        (dt.date(2026, 11, 25), Week(2026, 48)),
        (dt.date(2026, 11, 29), Week(2026, 48)),
        (dt.date(2026, 11, 30), Week(2026, 49)),  # both are valid on this Monday and Tuesday
        (dt.date(2026, 12, 1), Week(2026, 49)),
        (dt.date(2026, 12, 13), Week(2026, 50)),
        (dt.date(2026, 12, 15), Week(2026, 50)),  # the last one goes on for two days alone
    ],
)
def test_uploads_take_the_newest_week_that_is_valid_today(today: dt.date, week: Week) -> None:
    assert ISSUED.intake_week(today).week == week


def test_without_a_key_for_today_there_is_no_week() -> None:
    for today in (dt.date(2026, 12, 16), dt.date(2027, 1, 24), dt.date(2030, 1, 1)):
        with pytest.raises(Expired):
            ISSUED.intake_week(today)


def test_sealed_keys_end_with_their_quarter() -> None:
    assert ISSUED.sealed_quarter(dt.date(2026, 12, 31)).quarter == Quarter(2026, 4)
    with pytest.raises(Expired):
        ISSUED.sealed_quarter(dt.date(2027, 1, 1))


def test_a_manifest_holds_to_the_end_of_its_last_day() -> None:
    ISSUED.check_day(ISSUED.manifest.expires)
    with pytest.raises(Expired):
        ISSUED.check_day(ISSUED.manifest.expires + dt.timedelta(days=1))


def test_a_clock_that_was_set_back_is_noticed() -> None:
    ISSUED.check_day(TODAY - dt.timedelta(days=1))
    with pytest.raises(TooEarly):
        ISSUED.check_day(TODAY - dt.timedelta(days=2))
    with pytest.raises(TooEarly):
        ISSUED.intake_week(TODAY - dt.timedelta(days=2))


def test_a_party_is_found_by_its_signature_key_and_its_role() -> None:
    reviewer = ORGANISATION.reviewers[0]
    assert ISSUED.server(SERVER.signing.verify_key()) == SERVER.party()
    assert ISSUED.reviewer(reviewer.signing.verify_key()) == reviewer.party()
    for wrong in (reviewer.signing.verify_key(), PartyKeys.generate("x").signing.verify_key()):
        with pytest.raises(NotForUs):
            ISSUED.server(wrong)
    with pytest.raises(NotForUs):
        ISSUED.reviewer(SERVER.signing.verify_key())


def test_keys_stand_in_an_order_that_tells_nothing() -> None:
    keys = tuple(IntakeSecretKey.generate().public_key() for _ in range(4))
    assert IntakeWeek(Week(2026, 48), keys) == IntakeWeek(Week(2026, 48), keys[::-1])
    sealed = tuple(SealedSecretKey.generate().public_key() for _ in range(4))
    assert SealedQuarter(Quarter(2026, 4), sealed) == SealedQuarter(Quarter(2026, 4), sealed[::-1])


@pytest.mark.parametrize("count", [0, 1, 3, 5])
def test_a_week_of_other_than_four_keys_cannot_be_made(count: int) -> None:
    with pytest.raises(Malformed):
        IntakeWeek(Week(2026, 48), tuple(IntakeSecretKey.generate().public_key() for _ in range(count)))


def test_what_a_reader_refuses_cannot_be_signed_either() -> None:
    cheap = SiteDerivation(bytes(16), memory_kib=8, passes=1)
    two_weeks = (ISSUED.manifest.intake[0], dataclasses.replace(ISSUED.manifest.intake[1], week=Week(2026, 48)))
    changes: list[dict[str, Any]] = [
        {"version": 0},
        {"previous_sha256": bytes(32)},
        {"version": 2, "previous_sha256": bytes(31)},
        {"organisation": " "},
        {"issued": dt.date(1999, 1, 1)},
        {"expires": ISSUED.manifest.issued - dt.timedelta(days=1)},
        {"derivation": cheap},
        {"reviewers": ()},
        {"servers": (SERVER.party(), SERVER.party())},
        {"intake": two_weeks},
        {"intake": ISSUED.manifest.intake[::-1]},
    ]
    for change in changes:
        with pytest.raises(Malformed):
            sign_manifest(dataclasses.replace(ISSUED.manifest, **change), root=ROOT)
