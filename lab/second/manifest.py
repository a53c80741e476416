"""The manifest on which servers and reviewers agree: its form, its signature, the way from one to the next; after
manifest.md."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from lab.second import minisign, values
from lab.second.bech32 import read_public_key
from lab.second.canonical_json import exactly, read_document
from lab.second.party import Party, read_entry
from lab.second.recipient_file import recipient_file
from lab.second.refused import Refused, malformed

LIMIT = 4 * 1024 * 1024
FIELDS: tuple[str, ...] = (
    "version",
    "previous",
    "organisation",
    "issued",
    "expires",
    "argon2",
    "servers",
    "reviewers",
    "intake",
    "sealed",
)
Period = tuple[int, int]


@dataclass
class Manifest:
    version: int
    previous: bytes | None
    organisation: str
    issued: date
    expires: date
    derivation: tuple[bytes, int, int, int]
    servers: list[Party]
    reviewers: list[Party]
    intake: dict[Period, list[bytes]]
    sealed: dict[Period, list[bytes]]
    signatures: dict[Period, bytes]
    duty: list[bytes]
    sha256: bytes


def read_derivation(value: object) -> tuple[bytes, int, int, int]:
    found = exactly(value, ("salt", "memory_kib", "passes", "lanes"))
    return (
        values.salt(found["salt"]),
        values.whole(found["memory_kib"], 65_536, 1_048_576),
        values.whole(found["passes"], 3, 16),
        values.whole(found["lanes"], 1, 4),
    )


def read_parties(value: object, low: int, high: int) -> list[Party]:
    parties = [read_entry(entry) for entry in values.listed(value, low, high)]
    values.ascending([party.name for party in parties])
    return parties


def read_keys(
    value: object, limit: int, name: str, period: Callable[[object], Period]
) -> dict[Period, list[bytes]]:
    found = {}
    periods = []
    for entry in values.listed(value, 0, limit):
        fields = exactly(without_signature(entry) if name == "quarter" else entry, (name, "keys"))
        keys = [read_public_key(key) for key in values.listed(fields["keys"], 4, 4)]
        values.ascending(keys)
        periods.append(period(fields[name]))
        found[periods[-1]] = keys
    values.ascending(periods)
    return found


def without_signature(entry: object) -> object:
    return {name: entry[name] for name in entry if name != "signature"} if isinstance(entry, dict) else entry


def read_signatures(value: object) -> dict[Period, bytes]:
    """The signature file of each quarter that has one; the rest of the entries was read before."""
    found = {}
    for entry in values.listed(value, 0, 40):
        if isinstance(entry, dict) and "signature" in entry:
            lines = values.listed(entry["signature"], 4, 4)
            if not all(isinstance(line, str) and len(line) <= 512 and "\n" not in line for line in lines):
                raise malformed()
            found[values.quarter(entry["quarter"])] = "".join(f"{line}\n" for line in lines).encode("utf-8")
    return found


def read_duty(value: object) -> list[bytes]:
    keys = [read_public_key(key) for key in values.listed(value, 2, 2)]
    values.ascending(keys)
    return keys


def read_manifest(raw: bytes) -> Manifest:
    fields = read_document(
        raw, limit=LIMIT, name="tipline-manifest", fields=FIELDS, versions=(1, 3), more={3: "duty"}
    )
    version = values.whole(fields["version"], 1, 2**31 - 1)
    previous = None if fields["previous"] is None else values.hexadecimal(fields["previous"], 32)
    issued, expires = values.day(fields["issued"]), values.day(fields["expires"])
    if (previous is None) != (version == 1) or not 0 <= (expires - issued).days <= 400:
        raise malformed()
    if not 2000 <= issued.year <= 2999:
        raise malformed()
    manifest = Manifest(
        version,
        previous,
        values.text(fields["organisation"], 200),
        issued,
        expires,
        read_derivation(fields["argon2"]),
        read_parties(fields["servers"], 0, 64),
        read_parties(fields["reviewers"], 1, 4),
        read_keys(fields["intake"], 400, "week", values.week),
        read_keys(fields["sealed"], 40, "quarter", values.quarter),
        read_signatures(fields["sealed"]),
        read_duty(fields["duty"]) if "duty" in fields else [],
        hashlib.sha256(raw).digest(),
    )
    parties = manifest.servers + manifest.reviewers
    hybrid = [party.transport for party in parties]
    hybrid += [
        key for keys in (*manifest.intake.values(), *manifest.sealed.values(), manifest.duty) for key in keys
    ]
    for once in ([party.name for party in parties], [party.sign for party in parties], hybrid):
        if len(set(once)) != len(once):
            raise malformed()
    return manifest


def verify_manifest(raw: bytes, signature: bytes, *, root: bytes) -> Manifest:
    if len(raw) > LIMIT:
        raise malformed()
    minisign.verify(raw, signature, root=root)
    manifest = read_manifest(raw)
    for period, file in manifest.signatures.items():
        minisign.verify(recipient_file(period, manifest.sealed[period]), file, root=root)
    return manifest


def adopt(current: Manifest | None, run: Sequence[Manifest], *, highest_seen: int, today: date) -> Manifest:
    """The last of the run, if there is a way to it from the one at hand."""
    known: dict[int, Manifest] = {}
    for manifest in ([current] if current else []) + list(run):
        if known.setdefault(manifest.version, manifest).sha256 != manifest.sha256:
            raise Refused("forked")
    last = max(manifest.version for manifest in run)
    if last < highest_seen or (current and last < current.version):
        raise Refused("rolled back")
    for earlier, later in pairwise(known[version] for version in sorted(known)):
        if later.version != earlier.version + 1:
            raise Refused("out of order")
        if later.previous != earlier.sha256 or later.derivation != earlier.derivation:
            raise Refused("forked")
    check_day(known[last], today)
    return known[last]


def check_day(manifest: Manifest, today: date) -> None:
    if today > manifest.expires:
        raise Refused("expired")
    if today < manifest.issued - timedelta(days=1):
        raise Refused("too early")


def intake_week(manifest: Manifest, today: date) -> Period:
    """The newest week whose keys are valid today."""
    check_day(manifest, today)
    mondays = {week: date.fromisocalendar(*week, 1) for week in manifest.intake}
    valid = [week for week, monday in mondays.items() if 0 <= (today - monday).days <= 8]
    if not valid:
        raise Refused("expired")
    return max(valid)


def sealed_quarter(manifest: Manifest, today: date) -> Period:
    """The quarter of today, where it has keys."""
    check_day(manifest, today)
    quarter = today.year, (today.month + 2) // 3
    if quarter not in manifest.sealed:
        raise Refused("expired")
    return quarter


def server(manifest: Manifest, own: bytes) -> None:
    """True if it lists the server that signs with this key."""
    if own not in [party.sign for party in manifest.servers]:
        raise Refused("not for us")


def verify_item(item: bytes, *, root: bytes) -> Manifest:
    """The manifest in an item of a bundle."""
    end = 4 + int.from_bytes(item[:4], "big")
    if len(item) <= end:
        raise malformed()
    return verify_manifest(item[4:end], item[end:], root=root)
