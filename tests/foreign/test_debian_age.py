"""``age`` of Debian knows classical keys only: it and we refuse each other's files, and we say why."""

import re
from pathlib import Path

import pytest

from tests.foreign.conftest import Founded
from tests.foreign.programs import Ended, debian_age, open_age


@pytest.fixture(scope="module")
def classical(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("classical") / "identity.txt"
    path.write_bytes(Ended(["age-keygen"], given=b"").whole())
    return path


def recipient_of(identity: Path) -> str:
    found = re.search(r"age1[a-z0-9]+", identity.read_text(encoding="ascii"))
    assert found
    return found[0]


@pytest.mark.parametrize("armor", [[], ["--armor"]], ids=["binary", "armoured"])
def test_we_refuse_what_it_seals_with_an_explanation(founded: Founded, classical: Path, armor: list[str]) -> None:
    envelope = debian_age("--encrypt", *armor, "-r", recipient_of(classical), given=b"a tip").whole()
    assert debian_age("--decrypt", "-i", classical, given=envelope).whole() == b"a tip"
    for identity in (founded.identity, classical):
        ended = open_age(identity, envelope)
        assert (ended.code, ended.out) == (1, b"")
        assert "this one is for a classical key (X25519): age opens it (no key opens)" in ended.err
    assert "classical keys (X25519) only" in open_age(classical, envelope).err


def test_it_refuses_our_envelopes(founded: Founded, classical: Path, tmp_path: Path) -> None:
    refused = debian_age("--decrypt", "-i", classical, given=founded.raw_envelope(tmp_path))
    assert refused.code != 0
    assert refused.out == b""
    assert "no identity matched" in refused.err


def test_a_file_that_it_changed_into_its_own_is_never_half_ours(founded: Founded, classical: Path) -> None:
    """Both readings of one header: ours finds no slot of its own, whatever the rest says."""
    envelope = debian_age("--encrypt", "-r", recipient_of(classical), given=b"a tip").whole()
    ended = open_age(founded.identity, envelope.replace(b"-> X25519", b"-> mlkem768x25519", 1))
    assert (ended.code, ended.out) == (1, b"")
    assert "(malformed)" in ended.err
