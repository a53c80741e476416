"""The keys that one reviewer brings into the next manifest, after docs/formats/offer.md."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from lab.second import values
from lab.second.bech32 import read_public_key
from lab.second.canonical_json import exactly, read_document
from lab.second.minisign import verify_ed25519
from lab.second.party import Party, read_entry
from lab.second.refused import Refused, malformed, newer

LABEL = b"tipline/v1/offer\0"
MAGIC = b"TIPLINO\x1a"
HEAD = 105
LIMIT = 262_144
FIELDS = ("intake", "offered", "reviewer", "root", "sealed")
Period = tuple[int, int]


@dataclass
class Offer:
    """The keys are by week and by quarter, the earliest first."""

    reviewer: Party
    offered: date
    intake: dict[Period, bytes]
    sealed: dict[Period, bytes]
    root: bytes


def read_keys(
    value: object, low: int, high: int, name: str, period: Callable[[object], Period]
) -> dict[Period, bytes]:
    entries = [exactly(entry, (name, "key")) for entry in values.listed(value, low, high)]
    found = [(period(entry[name]), read_public_key(entry["key"])) for entry in entries]
    values.ascending([when for when, _ in found])
    return dict(found)


def read_form(document: bytes) -> Offer:
    """The document alone, unsigned."""
    fields = read_document(document, limit=LIMIT, name="tipline-offer", fields=FIELDS)
    offer = Offer(
        reviewer=read_entry(fields["reviewer"]),
        offered=values.day(fields["offered"]),
        intake=read_keys(fields["intake"], 1, 60, "week", values.week),
        sealed=read_keys(fields["sealed"], 0, 8, "quarter", values.quarter),
        root=values.hexadecimal(fields["root"], 32),
    )
    if not 2000 <= offer.offered.year <= 2999:
        raise malformed()
    hybrid = [offer.reviewer.transport, *offer.intake.values(), *offer.sealed.values()]
    if len(set(hybrid)) != len(hybrid):
        raise malformed()
    return offer


def read_offer(raw: bytes, *, root: bytes) -> Offer:
    """An offer to those who pin `root`."""
    if len(raw) > HEAD + LIMIT or len(raw) < 9 or raw[:8] != MAGIC or raw[8] == 0:
        raise malformed()
    if raw[8] > 1:
        raise newer()
    if len(raw) <= HEAD:
        raise malformed()
    signer, signature, document = raw[9:41], raw[41:HEAD], raw[HEAD:]
    verify_ed25519(signer, signature, LABEL + document)
    offer = read_form(document)
    if offer.reviewer.sign != signer:
        raise malformed()
    if offer.root != root:
        raise Refused("not for us")
    return offer
