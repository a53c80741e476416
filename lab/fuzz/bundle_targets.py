"""Bundles behind their envelopes, and files of bundles."""

import io
from collections.abc import Iterator

from crypto.bundles import announcement, bundle, bundle_file, bundle_head
from crypto.keys.keys import PartySigningKey, RootVerifyKey
from lab.fuzz import envelope_inputs
from lab.fuzz.seeds import JSON_TOKENS, OURS, seeds_of
from lab.fuzz.target import Target, same
from tests.vectors.book import VectorBook


def _bundle_file(untrusted_input: bytes) -> None:
    for number, sealed in enumerate(bundle_file.read_bundle_file(io.BytesIO(untrusted_input))):
        if number % 2:  # every other one is left to be passed over
            while sealed.read(100):
                pass


class AnnouncementReader:
    """First byte: the rest is a whole announcement, or the document of one, which is signed here.

    No change of an input would get past a signature.
    """

    def __init__(self) -> None:
        self._key = PartySigningKey(bytes([1]) * 32)
        self._root = RootVerifyKey.parse(next(iter(VectorBook("announcement")))["root"])
        self.is_signed = False

    def run(self, untrusted_input: bytes) -> None:
        raw = untrusted_input[1:]
        self.is_signed = untrusted_input[:1] == b"s"
        if self.is_signed:
            head = announcement.MAGIC + bytes([announcement.VERSION]) + self._key.verify_key().to_bytes()
            raw = head + self._key.sign(announcement.LABEL + raw) + raw
        told = announcement.verify_announcement(raw, root=self._root)
        if self.is_signed:
            same(announcement.sign_announcement(key=self._key, root=self._root, reads=told.reads), raw)

    @staticmethod
    def seeds() -> Iterator[bytes]:
        for raw in seeds_of("announcement", "item"):
            yield b"w" + raw
            yield b"s" + raw[announcement.HEAD_BYTES :]


def targets() -> Iterator[Target]:
    opener = envelope_inputs.BundleOpener()
    yield Target(
        "bundle",
        opener.run,
        OURS,
        (bundle.read_bundle, bundle.BundleReader.__iter__, bundle.ItemSource, bundle_head.version_of),
        envelope_inputs.bundles(),
        (b"\0", b"\1", b"\2", b"\3", *JSON_TOKENS),
        invent=envelope_inputs.invent_bundle,
        reached=lambda: opener.deep,
    )
    reader = AnnouncementReader()
    yield Target(
        "announcement",
        reader.run,
        OURS,
        (announcement.verify_announcement,),
        list(reader.seeds()),
        (*JSON_TOKENS, announcement.MAGIC, b'"duty"', b'"reads":[', b"-"),
        reached=lambda: reader.is_signed,
        least_reached=0.3,
    )
    yield Target(
        "bundle_file",
        _bundle_file,
        OURS,
        (bundle_file.read_bundle_file, bundle_file.SealedBundle),
        seeds_of("bundle_file", "file"),
        (bundle_file.MAGIC, b"\xff" * 4, b"\0" * 4),
    )
