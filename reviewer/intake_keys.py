"""Issuing keys: new weeks for the servers to seal to, in the next manifest of the run.

The order matters when the power fails. A secret key is on the disk (and on the twin) before its public half is
signed, and the manifest is on the root medium before it is anywhere else: the worst that is left is a key nobody
seals to.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from crypto.issued_keys import KEYS, IntakeWeek, SealedQuarter
from crypto.keys import IntakeSecretKey, SealedSecretKey
from crypto.mailbox import SiteDerivation
from crypto.manifest import Manifest, SignedManifest, VerifiedManifest, sign_manifest, verify_manifest
from crypto.manifest_body import MOST_QUARTERS, MOST_WEEKS
from crypto.week import Quarter, Week
from reviewer.errors import MediumError
from reviewer.home import Home
from reviewer.keyring import intake_name, sealed_name
from reviewer.root_medium import SIGNATURE_ENDING, RootMedium, write_run_file
from reviewer.twin import write_twin
from reviewer.whole_file import whole_folder, write_whole

CHAIN_ENDING = ".chain"


@dataclass(frozen=True, slots=True)
class Issue:
    """What was issued: the manifest, and the run that a server may need to get there."""

    verified: VerifiedManifest
    new_weeks: tuple[Week, ...]
    chain: tuple[SignedManifest, ...]
    chain_from: int


def issue_keys(home: Home, medium: RootMedium, *, weeks: int, twin: Path | None, today: dt.date) -> Issue:
    """Sign the next manifest: everything issued before, and keys up to ``weeks`` weeks from this one.

    Raises:
        MediumError: the medium belongs to another organisation, or is older than what this home has seen.
    """
    _require_same_run(home, medium)
    before = medium.newest.manifest if medium.newest else None
    issued_weeks = {entry.week: entry for entry in (before.intake if before else ())}
    issued_quarters = {entry.quarter: entry for entry in (before.sealed if before else ())}
    wanted = _weeks_from(Week.of(today), weeks)
    new_weeks = tuple(week for week in wanted if week not in issued_weeks)
    last_day = wanted[-1].last_day
    for week in new_weeks:
        issued_weeks[week] = _new_week(home, week)
    for quarter in _quarters(today, last_day):
        if quarter not in issued_quarters:
            issued_quarters[quarter] = _new_quarter(home, quarter)
    if twin is not None:
        write_twin(home, twin)
    manifest = Manifest(
        version=before.version + 1 if before else 1,
        organisation=home.organisation,
        previous_sha256=medium.newest.sha256 if medium.newest else None,
        issued=today,
        expires=max(last_day, *(week.last_day for week in issued_weeks)),
        derivation=before.derivation if before else SiteDerivation.generate(),
        servers=tuple(home.casebook.servers.all()),
        reviewers=(home.party_keys().party(),),
        intake=tuple(issued_weeks[week] for week in sorted(issued_weeks))[-MOST_WEEKS:],
        sealed=tuple(issued_quarters[quarter] for quarter in sorted(issued_quarters))[-MOST_QUARTERS:],
    )
    raw, signature = sign_manifest(manifest, root=medium.signing_key)
    verified = verify_manifest(raw, signature, root=home.root_key)
    medium.add(verified)
    with home.casebook.changing():
        for earlier in medium.run:
            home.casebook.manifests.add(earlier)
        home.casebook.log.add("keys issued", f"manifest {verified.version}", today=today)
    acknowledged = _acknowledged_by_all(home)
    chain = tuple(each.signed for each in medium.run if acknowledged <= each.version < verified.version)
    return Issue(verified, new_weeks, chain, chain_from=max(acknowledged, 1))


def write_issue(issued: Issue, out: Path) -> None:
    """``out``, ``out.minisig`` and, when a server may lack earlier ones, ``out.chain/``."""
    chain_folder = out.with_name(out.name + CHAIN_ENDING)
    if chain_folder.is_dir():
        # An older run of ours; a folder with anything else in it is left alone, and refused below.
        for path in chain_folder.glob("[0-9]*.json*"):
            path.unlink()
    if issued.chain:
        with whole_folder(chain_folder) as folder:
            for place, signed in enumerate(issued.chain):
                write_run_file(folder, signed, version=issued.chain_from + place)
    elif chain_folder.is_dir():
        chain_folder.rmdir()
    write_whole(out.with_name(out.name + SIGNATURE_ENDING), issued.verified.signature, mode=0o644)
    write_whole(out, issued.verified.raw, mode=0o644)


def _require_same_run(home: Home, medium: RootMedium) -> None:
    if medium.verify_key != home.root_key:
        raise MediumError(
            "the root key on this medium is not the one that this home pins", hint="plug in the right medium"
        )
    seen = home.casebook.manifests.newest(root=home.root_key)
    if seen is not None and (len(medium.run) < seen.version or medium.run[seen.version - 1].raw != seen.raw):
        raise MediumError(
            f"this medium does not hold manifest {seen.version}, which this home has seen",
            hint="another copy of the medium was used last: use that one",
        )


def _weeks_from(week: Week, count: int) -> list[Week]:
    weeks = [week]
    while len(weeks) < count:
        weeks.append(weeks[-1].next())
    return weeks


def _quarters(first_day: dt.date, last_day: dt.date) -> list[Quarter]:
    quarters = [Quarter.of(first_day)]
    while quarters[-1].last_day < last_day:
        quarters.append(quarters[-1].next())
    return quarters


def _new_week(home: Home, week: Week) -> IntakeWeek:
    """Our key and throw-away ones, whose secret halves are never kept anywhere."""
    if week in home.keyring.intake_weeks():
        ours = home.keyring.intake_key(week)  # made when an earlier issue was interrupted; nobody ever sealed to it
    else:
        ours = IntakeSecretKey.generate()
        home.keyring.keep(intake_name(week), ours.seed())
    others = [IntakeSecretKey.generate().public_key() for _ in range(KEYS - 1)]
    return IntakeWeek(week, (ours.public_key(), *others))


def _new_quarter(home: Home, quarter: Quarter) -> SealedQuarter:
    if quarter in home.keyring.sealed_quarters():
        ours = home.keyring.sealed_key(quarter)
    else:
        ours = SealedSecretKey.generate()
        home.keyring.keep(sealed_name(quarter), ours.seed())
    others = [SealedSecretKey.generate().public_key() for _ in range(KEYS - 1)]
    return SealedQuarter(quarter, (ours.public_key(), *others))


def _acknowledged_by_all(home: Home) -> int:
    """The highest version that every server is known to have; 0 when one has shown none yet."""
    versions = [home.casebook.servers.manifest_version(server.name) for server in home.casebook.servers.all()]
    return min(versions, default=0)
