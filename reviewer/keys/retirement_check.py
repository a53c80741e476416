"""Checks that a retired week cannot be opened: seals to its keys and tries all remaining keys."""

import io
from collections.abc import Iterable, Sequence

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.errors import NoKeyOpens
from crypto.keys.key_file import PARTY_KEYS
from crypto.keys.keys import HybridSecretKey
from crypto.manifests.issued_keys import IntakeWeek
from reviewer.errors import HomeError
from reviewer.home.keyring import Keyring, intake_name

_SEED_BYTES = 32


def verify_unopenable(entries: Iterable[IntakeWeek], rings: Sequence[Keyring]) -> int:
    """Return the number of secrets tried, if none opens an envelope for the keys of ``entries``.

    Raises:
        HomeError: one opens it.
    """
    secrets = [HybridSecretKey(seed) for ring in rings for seed in _seeds(ring)]
    for entry in entries:
        sealed = io.BytesIO()
        writer = EnvelopeWriter(sealed.write, to=entry.keys)
        writer.write(b"\0")
        writer.finish()
        try:
            open_envelope(io.BytesIO(sealed.getvalue()), keys=secrets)
        except NoKeyOpens:
            continue
        raise HomeError(
            f"a key that is left still opens week {entry.week}: it was not destroyed",
            hint=f"look for copies of {intake_name(entry.week)}.key, and do it again",
        )
    return len(secrets)


def _seeds(ring: Keyring) -> Iterable[bytes]:
    """Every secret of a keyring, under any name, in pieces of the length of a key."""
    for name in ring.names():
        secret = ring.secret(name)
        # The reviewer's own two keys lie in one file.
        yield from (secret[:_SEED_BYTES], secret[_SEED_BYTES:]) if name == PARTY_KEYS else (secret,)
