"""A small organisation that really signs: root key, one reviewer, servers, weeks of keys."""

import copy
import datetime as dt
from collections.abc import Sequence

from crypto.keys.keys import DutyPublicKey, IntakePublicKey, IntakeSecretKey, RootSigningKey, SealedSecretKey
from crypto.keys.party import Party, PartyKeys
from crypto.manifests.manifest import (
    IntakeWeek,
    Manifest,
    SealedQuarter,
    SignedManifest,
    VerifiedManifest,
    sign_manifest,
    verify_manifest,
)
from crypto.manifests.recipient_file import sign_recipients
from crypto.passphrases.mailbox import SiteDerivation
from crypto.primitives.week import Quarter, Week

TODAY = dt.date(2026, 11, 25)
_SLOTS = 4


class FixedClock:
    """A clock that stands until a test moves it."""

    def __init__(self, day: dt.date = TODAY) -> None:
        self.day = day

    def today(self) -> dt.date:
        return self.day


class Organisation:
    """Issues manifests one after the other; keys once issued for a week stay."""

    def __init__(self, reviewers: int = 1) -> None:
        self.root = RootSigningKey.generate()
        self.reviewers = [PartyKeys.generate(f"reviewer-{number}") for number in range(1, reviewers + 1)]
        self.derivation = SiteDerivation.generate()
        self.intake: dict[Week, tuple[IntakeSecretKey, ...]] = {}
        self.sealed: dict[Quarter, tuple[SealedSecretKey, ...]] = {}
        self.issued: list[VerifiedManifest] = []
        self.signs_recipients = True

    def as_it_is(self) -> "Organisation":
        """The same organisation with the same keys; what either issues from now on is its own."""
        other = copy.copy(self)
        other.reviewers, other.issued = [*self.reviewers], [*self.issued]
        other.intake, other.sealed = {**self.intake}, {**self.sealed}
        return other

    def issue(
        self,
        *servers: Party,
        today: dt.date = TODAY,
        weeks: int = 3,
        valid_days: int = 60,
        duty: Sequence[DutyPublicKey] = (),
    ) -> VerifiedManifest:
        """The next manifest; signs it with the root key."""
        week, quarter = Week.of(today), Quarter.of(today)
        for _ in range(weeks):
            self.intake.setdefault(week, tuple(IntakeSecretKey.generate() for _ in range(_SLOTS)))
            week = week.next()
        self.sealed.setdefault(quarter, tuple(SealedSecretKey.generate() for _ in range(_SLOTS)))
        manifest = Manifest(
            version=len(self.issued) + 1,
            organisation="Example Watch",
            previous_sha256=self.issued[-1].sha256 if self.issued else None,
            issued=today,
            expires=today + dt.timedelta(days=valid_days),
            derivation=self.derivation,
            servers=tuple(sorted(servers, key=lambda party: party.name)),
            reviewers=tuple(reviewer.party() for reviewer in self.reviewers),
            intake=tuple(
                IntakeWeek(each, tuple(key.public_key() for key in self.intake[each]))
                for each in sorted(self.intake)
            ),
            sealed=tuple(self._sealed_quarter(each) for each in sorted(self.sealed)),
            duty=tuple(duty),
        )
        raw, signature = sign_manifest(manifest, root=self.root)
        self.issued.append(verify_manifest(raw, signature, root=self.root.verify_key()))
        return self.issued[-1]

    def _sealed_quarter(self, quarter: Quarter) -> SealedQuarter:
        entry = SealedQuarter(quarter, tuple(key.public_key() for key in self.sealed[quarter]))
        return sign_recipients(entry, root=self.root) if self.signs_recipients else entry

    def run(self) -> list[SignedManifest]:
        """All that was issued."""
        return [each.signed for each in self.issued]

    def public_keys(self, week: Week) -> tuple[IntakePublicKey, ...]:
        return tuple(key.public_key() for key in self.intake[week])
