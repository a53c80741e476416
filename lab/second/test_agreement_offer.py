"""Offers of reviewers: both implementations say the same, of documents signed again and of changed files."""

from random import Random

import pytest
from nacl.signing import SigningKey

from crypto.keys.keys import RootVerifyKey
from crypto.manifests.offer import verify_offer
from lab.second import offer as second_offer
from lab.second.agreement import JSON_WORDS, ROWS, agreed, changed, first_party, second_party_of
from lab.second.mutation import mutated
from lab.second.vectors import book, whole

SIGNER = SigningKey(bytes([1]) * 32)
ROOTS = {bytes.fromhex(str(vector["root"])) for vector in book("offer")}
SOUND = [whole(vector["offer"]) for vector in book("offer") if vector["outcome"] == "opens"]


def _agreed(raw: bytes, root: bytes) -> str:
    def first() -> object:
        offer = verify_offer(raw, root=RootVerifyKey(root)).offer
        return (
            first_party(offer.reviewer),
            {(week.year, week.number): key.to_bytes() for week, key in offer.intake},
            {(quarter.year, quarter.number): key.to_bytes() for quarter, key in offer.sealed},
        )

    def second() -> object:
        offer = second_offer.read_offer(raw, root=root)
        return second_party_of(offer.reviewer), offer.intake, offer.sealed

    return agreed(first, second, raw)


def _signed(document: bytes) -> bytes:
    signature = SIGNER.sign(second_offer.LABEL + document).signature
    return second_offer.MAGIC + b"\1" + SIGNER.verify_key.encode() + signature + document


@pytest.mark.parametrize("row", ROWS)
def test_of_changed_offers_both_say_the_same(row: int) -> None:
    random = Random(f"offer {row}")
    (root,) = ROOTS
    outcomes = set()
    # The long ones cost a second each, and have nothing in them that the short ones lack.
    short = [raw for raw in SOUND if len(raw) < 20_000]
    for _ in range(60):
        raw = random.choice(short)
        if random.random() < 0.75:
            raw = _signed(changed(random, raw[second_offer.HEAD :]))
        else:
            raw = mutated(random, raw, JSON_WORDS)
        outcomes.add(_agreed(raw, root))
    assert {"malformed", "bad signature"} <= outcomes
    assert _agreed(short[0], root) == "opens"
    assert _agreed(short[0], bytes(range(32))) == "not for us"
