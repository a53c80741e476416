"""Things that a machine seals to itself open only under the same key, the same label, and in the same place."""

import pytest

from crypto.errors import Malformed, NoKeyOpens
from crypto.keys.at_rest import PieceSealer, RestKey

KEY = RestKey(bytes(range(32)))
KNOWN_DERIVED = "2d91e363f63b9cebe580d12de708f4266d557630f54fe7d74ab0c73280fbfe32"


def test_a_secret_comes_back_under_its_label() -> None:
    assert KEY.open_sealed(KEY.seal(b"secret", label="a"), label="a") == b"secret"


def test_another_label_another_key_or_a_changed_byte_opens_nothing() -> None:
    sealed = bytearray(KEY.seal(b"secret", label="a"))
    with pytest.raises(NoKeyOpens):
        KEY.open_sealed(bytes(sealed), label="b")
    with pytest.raises(NoKeyOpens):
        RestKey(bytes(32)).open_sealed(bytes(sealed), label="a")
    for place in range(len(sealed)):
        sealed[place] ^= 1
        with pytest.raises(NoKeyOpens):
            KEY.open_sealed(bytes(sealed), label="a")
        sealed[place] ^= 1


@pytest.mark.parametrize("length", [0, 1, 24, 39])
def test_what_is_too_short_opens_nothing(length: int) -> None:
    with pytest.raises(NoKeyOpens):
        KEY.open_sealed(bytes(length), label="a")


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    assert KEY.seal(b"secret", label="a") != KEY.seal(b"secret", label="a")


def test_derived_keys_differ_by_label_and_are_the_same_again() -> None:
    assert KEY.derive("a").seed() == KEY.derive("a").seed()
    assert len({KEY.seed(), KEY.derive("a").seed(), KEY.derive("b").seed()}) == 3


def test_a_derived_key_is_this_one_for_ever() -> None:
    """Homes on disks depend on it."""
    assert KEY.derive("keyring").seed().hex() == KNOWN_DERIVED


def test_pieces_open_in_their_places_and_nowhere_else() -> None:
    sealer = PieceSealer()
    sealed = [sealer.seal_next(piece) for piece in (b"one", b"two")]
    assert [sealer.key.open_piece(piece, place=place) for place, piece in enumerate(sealed)] == [b"one", b"two"]
    with pytest.raises(NoKeyOpens):
        sealer.key.open_piece(sealed[0], place=1)
    with pytest.raises(Malformed):
        sealer.key.open_piece(sealed[0], place=-1)


def test_two_contents_never_share_a_key() -> None:
    assert PieceSealer().key.seed() != PieceSealer().key.seed()


def test_keys_print_nothing() -> None:
    assert repr(KEY) == "<RestKey>"
    assert repr(PieceSealer().key) == "<PieceKey>"
