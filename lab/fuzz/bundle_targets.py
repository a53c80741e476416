"""Bundles behind their envelopes, and files of bundles."""

import io
from collections.abc import Iterator

from crypto.bundles import bundle, bundle_file, bundle_head
from lab.fuzz import envelope_inputs
from lab.fuzz.seeds import JSON_TOKENS, OURS, seeds_of
from lab.fuzz.target import Target


def _bundle_file(untrusted_input: bytes) -> None:
    for number, sealed in enumerate(bundle_file.read_bundle_file(io.BytesIO(untrusted_input))):
        if number % 2:  # every other one is left to be passed over
            while sealed.read(100):
                pass


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
    yield Target(
        "bundle_file",
        _bundle_file,
        OURS,
        (bundle_file.read_bundle_file, bundle_file.SealedBundle),
        seeds_of("bundle_file", "file"),
        (bundle_file.MAGIC, b"\xff" * 4, b"\0" * 4),
    )
