"""Troubles of a walk, by chance or on purpose: a fellow reviewer, a courier, a medium, a clock, a disk."""

import io
from pathlib import PosixPath
from typing import IO, Any

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.bundles.bundle_file import BundleFileWriter, read_bundle_file
from crypto.bundles.bundle_head import KEY_BYTES, LENGTH_BYTES, MAGIC, SEALING_BYTES, SIGNATURE_BYTES, SLOTS
from crypto.bundles.bundle_statement import Statement
from crypto.errors import CryptoError
from crypto.keys.keys import TransportSecretKey
from crypto.primitives.byte_source import ExactSource
from crypto.sharing.shared_item import ENVELOPE_BYTES
from lab.soak.walk_moves import (
    DAYS_UNTIL_ONE_RECEIPT_IS_ENOUGH,
    back_up,
    bring,
    excuse_held_back_files,
    export,
    hand_over,
    issue,
    outbox,
    take_in,
)
from lab.soak.walk_world import Reviewer, World
from tipline.errors import CarryRefused


def courier_repeats_and_reorders(world: World) -> None:
    """An old FILE to anyone, and an old outbox to any server."""
    if world.files:
        hand_over(world, world.rng.choice(world.reviewers), world.rng.choice(world.files), is_fresh=False)
    reviewer = world.rng.choice(world.reviewers)
    if reviewer.outboxes:
        bring(world, world.rng.choice(world.sites), world.rng.choice(reviewer.outboxes), reviewer, is_fresh=False)


def courier_spoils(world: World) -> None:
    """A FILE that is cut, changed, or made of two others."""
    if not world.files:
        return
    one, other = world.rng.choice(world.files).content, world.rng.choice(world.files).content
    at = world.rng.randrange(len(one))
    flipped = one[:at] + bytes([one[at] ^ 1 << world.rng.randrange(8)]) + one[at + 1 :]
    spoilt = world.rng.choice([one[:at], flipped, one[:-4] + other[9:], one + other])
    take_in(world, world.rng.choice(world.reviewers), world.stick(spoilt))


def medium_changes(world: World) -> None:
    """It gives a second reader other bytes than the first."""
    if len(world.files) < 2:
        return
    one, other = world.rng.sample(world.files, 2)
    take_in(world, world.rng.choice(world.reviewers), ChangingMedium.of(world, [one.content, other.content]))


class ChangingMedium(PosixPath):
    """A path whose file is another one each time that it is opened."""

    readings: list[bytes]

    @classmethod
    def of(cls, world: World, readings: list[bytes]) -> "ChangingMedium":
        medium = cls(world.folder / "stick")
        medium.readings = readings
        medium.write_bytes(readings[0])
        return medium

    def open(self, *arguments: Any, **named: Any) -> IO[Any]:
        if self.readings:
            self.write_bytes(self.readings.pop(0))
        return super().open(*arguments, **named)


def clock_jumps(world: World) -> None:
    """A server's clock is far ahead or behind while it exports or takes in what lies about."""
    site = world.rng.choice(world.sites)
    site.days_ahead = world.rng.choice([-8, 31, 31, 365])
    try:
        if world.rng.random() < 0.5:
            export(world, site)
        else:
            reviewer = world.rng.choice(world.reviewers)
            if reviewer.outboxes:
                bring(world, site, world.rng.choice(reviewer.outboxes[-3:]), reviewer, is_fresh=False)
    except CarryRefused as refused:
        world.say(f"{site.name}, {site.days_ahead} days ahead: {refused}")
    finally:
        site.days_ahead = 0


def disk_fails(world: World) -> None:
    """For a while, some submissions cannot be read."""
    site = world.rng.choice(world.sites)
    there = [kept.submission for kept in site.store.submissions.waiting() if kept.length != ENVELOPE_BYTES]
    site.faulty = set(world.rng.sample(there, k=min(len(there), 2)))


def disk_mends(world: World) -> None:
    for site in world.sites:
        site.faulty.clear()


def fellow_hides(world: World) -> None:
    """The second reviewer seals a bundle again, with items marked as gone, and hands it to the first."""
    first, second = world.reviewers
    if second in world.honest:
        return
    file = world.rng.choice(world.files[-4:]) if world.files and world.rng.random() < 0.5 else export(world)
    take_in(world, first, world.stick(resealed_by(world, second, file.content)))
    world.say("the second reviewer hands a bundle that it has sealed again to the first")


def fellow_alone_for_a_month(world: World) -> None:
    """Every export goes to the second reviewer, and none to the first, until one receipt is enough."""
    first, second = world.reviewers
    if second in world.honest:
        return
    issue(world)
    site = world.rng.choice(world.sites)
    hand_over(world, second, export(world, site), is_fresh=True)
    back_up(world, second)
    bring(world, site, outbox(world, second), second, is_fresh=True)
    held_back = []
    for _ in range(DAYS_UNTIL_ONE_RECEIPT_IS_ENOUGH + 1):
        held_back.append(export(world, site))
        world.pass_days(1)
    # All say the same, but for the days that were closed meanwhile: it is enough that the last one is brought.
    for file in held_back[:-1]:
        world.files.remove(file)
    excuse_held_back_files(world)
    bring(world, site, outbox(world, second), second, is_fresh=True)
    world.say(f"{first.name} got nothing of {site.name} for a month")


def resealed_by(world: World, fellow: Reviewer, content: bytes) -> bytes:
    """The FILE as a fellow can make it with its own home: the same statements, the same signatures, other marks."""
    with fellow.at_home() as home:
        own = home.party_keys()
        parties = home.casebook.manifests.newest(root=home.root_key).manifest.reviewers
    out = io.BytesIO()
    file = BundleFileWriter(out.write)
    for sealed in read_bundle_file(io.BytesIO(content)):
        try:
            plain = ExactSource(open_envelope(sealed, keys=[own.transport], slots=SLOTS))
            inside = _marked_again(world, plain)
        except CryptoError:
            continue
        with file.bundle() as sink:
            keys = [party.transport_key for party in parties]
            keys += [TransportSecretKey.generate().public_key() for _ in range(SLOTS - len(keys))]
            envelope = EnvelopeWriter(sink, to=keys)
            envelope.write(inside)
            envelope.finish()
    file.finish()
    return out.getvalue()


def _marked_again(world: World, plain: ExactSource) -> bytes:
    magic_and_version = plain.exactly(len(MAGIC) + 1, what="bundle")
    signed = plain.exactly(KEY_BYTES + SIGNATURE_BYTES, what="bundle")
    length = plain.exactly(LENGTH_BYTES, what="bundle")
    statement = plain.exactly(int.from_bytes(length, "big"), what="bundle")
    was_signed = magic_and_version[-1] > 1
    sealing = plain.exactly(SEALING_BYTES, what="bundle") if was_signed else b""
    as_first_version = not was_signed or world.rng.random() < 0.5
    pieces = [MAGIC, bytes([1 if as_first_version else magic_and_version[-1]]), signed, length, statement]
    pieces += [] if as_first_version else [sealing]
    for entry in Statement.parse(statement).items:
        mark = plain.exactly(1, what="bundle")
        item = plain.exactly(entry.length, what="bundle") if mark == b"\1" else b""
        if world.rng.random() < 0.5:
            pieces += [b"\0" if as_first_version else world.rng.choice([b"\0", b"\2"])]
        else:
            pieces += [b"\0" if as_first_version and not item else mark, item]
    marks_signature = plain.exactly(SIGNATURE_BYTES, what="bundle") if was_signed else b""
    return b"".join([*pieces, b"" if as_first_version else marks_signature])
