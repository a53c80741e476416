"""The content of a key manifest, before it is signed or verified: ``docs/formats/manifest.md``."""

import datetime as dt
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from crypto.errors import Malformed
from crypto.keys.keys import DutyPublicKey, HybridPublicKey
from crypto.keys.party import Party, lower_case
from crypto.manifests.issued_keys import LONGEST_KEY_TEXT, IntakeWeek, SealedQuarter
from crypto.passphrases.mailbox import (
    MEMORY_KIB,
    MOST_LANES,
    MOST_MEMORY_KIB,
    MOST_PASSES,
    PASSES,
    SITE_SALT_BYTES,
    SiteDerivation,
)
from crypto.primitives import canonical_json
from crypto.primitives.canonical_json import Fields, Json, is_plain_text, text_value
from crypto.primitives.week import FIRST_YEAR, LAST_YEAR

FORMAT = "tipline-manifest"
FORMAT_VERSION = 1
FORMAT_VERSION_WITH_DUTY = 3
"""Of a manifest with the part ``duty``, so that earlier programs answer "newer". 2 was never given out."""
DUTY = "duty"
DUTY_KEYS = 2
LONGEST_BYTES = 4 * 1024 * 1024
LARGEST_VERSION = 2**31 - 1
LONGEST_ORGANISATION = 200
MOST_VALID_DAYS = 400
MOST_SERVERS = 64
MOST_REVIEWERS = 4
MOST_WEEKS = 400
MOST_QUARTERS = 40


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that servers and reviewers of one organisation must agree on; days are UTC days.

    ``duty`` are the keys of both duty machines, which are sorted here, or none.

    Raises:
        Malformed: a value out of bounds, or a name or key that stands in two places.
    """

    version: int
    organisation: str
    previous_sha256: bytes | None
    issued: dt.date
    expires: dt.date
    derivation: SiteDerivation
    servers: tuple[Party, ...]
    reviewers: tuple[Party, ...]
    intake: tuple[IntakeWeek, ...]
    sealed: tuple[SealedQuarter, ...]
    duty: tuple[DutyPublicKey, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "duty", tuple(sorted(self.duty, key=DutyPublicKey.to_bytes)))
        if not 1 <= self.version <= LARGEST_VERSION:
            raise Malformed(f"version of a manifest must be from 1 to {LARGEST_VERSION}")
        if not is_plain_text(self.organisation, longest=LONGEST_ORGANISATION):
            raise Malformed(f"organisation must be a text of 1 to {LONGEST_ORGANISATION} printable characters")
        if (self.previous_sha256 is None) != (self.version == 1) or len(self.previous_sha256 or bytes(32)) != 32:
            raise Malformed("every manifest but the first must name the one before it by 32 bytes")
        self._check_days()
        self._check_derivation()
        self._check_counts()
        self._check_nothing_twice()

    def _check_days(self) -> None:
        if not FIRST_YEAR <= self.issued.year <= LAST_YEAR:
            raise Malformed(f"day of issue must be in the years {FIRST_YEAR} to {LAST_YEAR}")
        if not self.issued <= self.expires <= self.issued + dt.timedelta(days=MOST_VALID_DAYS):
            raise Malformed(f"last day must lie at most {MOST_VALID_DAYS} days after the day of issue")

    def _check_derivation(self) -> None:
        # What sources keep is only as hard to guess as this makes it, for as long as the site exists.
        if self.derivation.memory_kib < MEMORY_KIB or self.derivation.passes < PASSES:
            raise Malformed(f"derivation must cost at least {MEMORY_KIB} KiB and {PASSES} passes")

    def _check_counts(self) -> None:
        if len(self.servers) > MOST_SERVERS or not 1 <= len(self.reviewers) <= MOST_REVIEWERS:
            raise Malformed(f"expected at most {MOST_SERVERS} servers, and 1 to {MOST_REVIEWERS} reviewers")
        if len(self.intake) > MOST_WEEKS or len(self.sealed) > MOST_QUARTERS:
            raise Malformed(f"expected at most {MOST_WEEKS} weeks and {MOST_QUARTERS} quarters")
        if len(self.duty) not in (0, DUTY_KEYS):
            raise Malformed(f"expected the keys of {DUTY_KEYS} duty machines, or none")
        for ordered in (
            [party.name for party in self.servers],
            [party.name for party in self.reviewers],
            [str(entry.week) for entry in self.intake],
            [str(entry.quarter) for entry in self.sealed],
        ):
            if ordered != sorted(ordered):
                raise Malformed("parties must be sorted by name, weeks and quarters from the earliest on")

    def _check_nothing_twice(self) -> None:
        """A key of two weeks would open both after one of them was retired."""
        parties = (*self.servers, *self.reviewers)
        issued: list[HybridPublicKey] = [party.transport_key for party in parties]
        for week in self.intake:
            issued.extend(week.keys)
        for quarter in self.sealed:
            issued.extend(quarter.keys)
        issued.extend(self.duty)
        _all_different([party.name for party in parties], "name of a party")
        _all_different([party.verify_key for party in parties], "signature key")
        _all_different([entry.week for entry in self.intake], "week")
        _all_different([entry.quarter for entry in self.sealed], "quarter")
        # By bytes: the same key in two roles is the same key.
        _all_different([key.to_bytes() for key in issued], "encryption key")

    @property
    def format_version(self) -> int:
        """The version of the form: the first one, byte for byte, while there is no part ``duty``."""
        return FORMAT_VERSION_WITH_DUTY if self.duty else FORMAT_VERSION

    def to_bytes(self) -> bytes:
        """The exact bytes that the root key signs."""
        previous = self.previous_sha256
        part: dict[str, Json] = {DUTY: [str(key) for key in self.duty]} if self.duty else {}
        return canonical_json.to_bytes(
            part
            | {
                "argon2": _derivation_json(self.derivation),
                "expires": self.expires.isoformat(),
                "format": FORMAT,
                "format_version": self.format_version,
                "intake": [entry.to_json() for entry in self.intake],
                "issued": self.issued.isoformat(),
                "organisation": self.organisation,
                "previous": previous.hex() if previous is not None else None,
                "reviewers": [party.to_json() for party in self.reviewers],
                "sealed": [entry.to_json() for entry in self.sealed],
                "servers": [party.to_json() for party in self.servers],
                "version": self.version,
            }
        )

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "Manifest":
        """Undo :meth:`to_bytes`. The result is well formed and not verified.

        To verify it, use :func:`crypto.manifests.manifest.verify_manifest`.

        Raises:
            Malformed: anything else.
            NewerFormat: a later version of the format.
        """
        fields, format_version = Fields.of_versions(
            untrusted_bytes,
            format_name=FORMAT,
            versions=(FORMAT_VERSION, FORMAT_VERSION_WITH_DUTY),
            limit_bytes=LONGEST_BYTES,
        )
        derivation = _parse_derivation(fields.raw("argon2"))
        manifest = cls(
            version=fields.number("version", least=1, most=LARGEST_VERSION),
            organisation=fields.text("organisation", longest=LONGEST_ORGANISATION),
            previous_sha256=fields.hex_or_null("previous", length_bytes=32),
            issued=fields.day("issued"),
            expires=fields.day("expires"),
            derivation=derivation,
            servers=tuple(map(Party.from_json, fields.array("servers", most=MOST_SERVERS))),
            reviewers=tuple(map(Party.from_json, fields.array("reviewers", least=1, most=MOST_REVIEWERS))),
            intake=tuple(map(IntakeWeek.from_json, fields.array("intake", most=MOST_WEEKS))),
            sealed=tuple(map(SealedQuarter.from_json, fields.array("sealed", most=MOST_QUARTERS))),
            duty=_parse_duty(fields) if format_version == FORMAT_VERSION_WITH_DUTY else (),
        )
        fields.close()
        return manifest


def _parse_duty(fields: Fields) -> tuple[DutyPublicKey, ...]:
    listed = fields.array(DUTY, least=DUTY_KEYS, most=DUTY_KEYS)
    keys = tuple(DutyPublicKey.parse(lower_case(text_value(text, longest=LONGEST_KEY_TEXT))) for text in listed)
    if list(keys) != sorted(keys, key=DutyPublicKey.to_bytes):
        raise Malformed("keys of duty machines must stand in the order of their bytes")
    return keys


def _derivation_json(derivation: SiteDerivation) -> Json:
    return {
        "lanes": derivation.lanes,
        "memory_kib": derivation.memory_kib,
        "passes": derivation.passes,
        "salt": canonical_json.base64_text(derivation.salt),
    }


def _parse_derivation(untrusted_value: Json) -> SiteDerivation:
    fields = Fields(untrusted_value)
    derivation = SiteDerivation(
        fields.base64("salt", length_bytes=SITE_SALT_BYTES),
        memory_kib=fields.number("memory_kib", least=MEMORY_KIB, most=MOST_MEMORY_KIB),
        passes=fields.number("passes", least=PASSES, most=MOST_PASSES),
        lanes=fields.number("lanes", least=1, most=MOST_LANES),
    )
    fields.close()
    return derivation


def _all_different(values: Sequence[Hashable], what: str) -> None:
    if len(set(values)) != len(values):
        raise Malformed(f"the same {what} must not stand in two places")
