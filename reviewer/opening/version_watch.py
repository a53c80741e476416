"""Watches the manifest versions in envelopes: newer than ours, or lower than before.

A server's store can be set back to an earlier day without a trace in it. The version in each envelope reveals this
here: it never falls from one day to a later one.
"""

import datetime as dt
from dataclasses import dataclass

from crypto.errors import Malformed
from crypto.keys.keys import RootVerifyKey
from crypto.submissions.submission import Head
from reviewer.casebook.casebook import Casebook
from reviewer.errors import BundleRefused
from reviewer.languages.staff_language import said
from reviewer.refusals import MISSING_MANIFEST, NEWER_MANIFEST


@dataclass(frozen=True, slots=True)
class VersionDrop:
    """A server sealed under ``version`` on ``day``, after ``higher`` on an earlier day."""

    server: str
    day: dt.date
    version: int
    higher: int

    def __str__(self) -> str:
        return said(
            "server %(server)s sealed under manifest %(version)s on %(day)s, though it had manifest %(higher)s"
            " before: it was rolled back or restored",
            server=self.server,
            version=self.version,
            day=self.day.isoformat(),
            higher=self.higher,
        )


class VersionWatch:
    """The manifest versions in the envelopes of one bundle."""

    def __init__(self, casebook: Casebook, *, root: RootVerifyKey, server: str) -> None:
        self._casebook = casebook
        self._root = root
        self._server = server
        self._seen: set[tuple[dt.date, int]] = set()

    def expect(self, head: Head) -> None:
        """Return if the manifest that an envelope names is known here.

        Raises:
            BundleRefused: it is newer than all known ones, or it belongs to the chain and is not here.
            Malformed: it is none of this organisation.
        """
        if self._casebook.manifests.knows(head.manifest_sha256):
            return
        newest = self._casebook.manifests.newest(root=self._root)
        known = newest.version if newest else 0
        if head.manifest_version > known:
            raise BundleRefused(
                NEWER_MANIFEST,
                f"bundle refused (newer manifest): server {self._server} seals under manifest"
                f" {head.manifest_version}, and this home knows none after {known}: keys were issued elsewhere",
                hint="get that manifest from its issuer: tipline-review manifest HOME manifest.json; then"
                " import again. If none of you issued one, a stranger has the root key",
            )
        if not self._casebook.manifests.knows_version(head.manifest_version):
            raise BundleRefused(
                MISSING_MANIFEST,
                f"bundle refused (missing manifest): server {self._server} seals under manifest"
                f" {head.manifest_version}, and this home knows later ones and not that",
                hint="take in manifest.json with its folder manifest.json.chain, from the issuer of keys:"
                " tipline-review manifest HOME manifest.json; then import again",
            )
        raise Malformed("submission must name a manifest of this organisation")

    def note(self, head: Head) -> None:
        """An envelope that opened."""
        self._seen.add((head.day, head.manifest_version))

    def fallen(self) -> list[VersionDrop]:
        """Drops of the server to an older manifest, by day."""
        found = []
        for day, version in sorted(self._seen):
            higher = self._casebook.submissions.highest_version(self._server, before=day)
            if higher > version:
                found.append(VersionDrop(self._server, day, version, higher))
        return found
