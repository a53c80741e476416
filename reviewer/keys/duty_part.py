"""The part ``duty`` of a manifest: the keys of both duty machines of buttons for help.

A program that does not know the part refuses the whole manifest as newer. So the part is added only when every
listed server and every reviewer has announced, in its signed bundles, that it reads it.
"""

from collections.abc import Sequence

from crypto.bundles.announcement import READ_HERE
from crypto.keys.keys import DutyPublicKey, PartyVerifyKey
from crypto.keys.party import Party
from crypto.manifests.manifest import VerifiedManifest
from crypto.manifests.manifest_body import DUTY, DUTY_KEYS
from reviewer.errors import DutyPartRefused
from reviewer.home.home import Home


def duty_part(
    home: Home,
    before: VerifiedManifest | None,
    *,
    servers: Sequence[Party],
    reviewers: Sequence[Party],
    asked: Sequence[DutyPublicKey] | None,
) -> tuple[DutyPublicKey, ...]:
    """The duty keys for the next manifest: ``asked``, or those of ``before`` where it is None.

    Raises:
        DutyPartRefused: not two different keys, or a listed server or reviewer has not announced that it reads the
            part. Each one is named.
    """
    keys = tuple(asked) if asked is not None else before.manifest.duty if before else ()
    if not keys:
        return ()
    if len(keys) != DUTY_KEYS or len(set(keys)) != DUTY_KEYS:
        raise DutyPartRefused("the part has the keys of two duty machines", hint="--duty once for each machine")
    reading = _readers(home, before)
    silent = [
        f"{kind} {party.name}"
        for kind, parties in (("reviewer", reviewers), ("server", servers))
        for party in parties
        if party.verify_key not in reading and DUTY not in home.casebook.servers.parts_read_by(party.verify_key)
    ]
    if silent:
        has_or_have = "has" if len(silent) == 1 else "have"
        raise DutyPartRefused(
            f"{', '.join(silent)} {has_or_have} not announced to read the part duty, and would refuse the manifest",
            hint="update the programs; each reviewer sends an outbox to each server, and each server's next bundle"
            " brings the announcements here. Until then: --without-duty",
        )
    return keys


def _readers(home: Home, before: VerifiedManifest | None) -> set[PartyVerifyKey]:
    """This home, and the parties of a manifest that has the part: each had announced when it was issued.

    So a home that was restored, and has lost the announcements, can go on.
    """
    reading = {home.party_keys().signing.verify_key()} if DUTY in READ_HERE else set()
    if before is not None and before.manifest.duty:
        reading |= {party.verify_key for party in (*before.manifest.servers, *before.manifest.reviewers)}
    return reading
