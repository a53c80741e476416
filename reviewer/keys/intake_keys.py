"""Issuing keys: signs the keys that all reviewers offer into the next manifest.

The order matters when the power fails. A secret key is on the disk (and on the twin) before its public half is
signed, and the manifest is on the root medium before it is anywhere else. The worst leftover is an unused key.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crypto.keys.keys import DutyPublicKey, PartyVerifyKey
from crypto.keys.party import Party
from crypto.manifests.issued_keys import IntakeWeek
from crypto.manifests.manifest import Manifest, VerifiedManifest, sign_manifest, verify_manifest
from crypto.manifests.manifest_body import MOST_QUARTERS, MOST_REVIEWERS, MOST_WEEKS
from crypto.manifests.offer import VerifiedOffer
from crypto.passphrases.mailbox import SiteDerivation
from crypto.primitives.week import Week
from reviewer.errors import MediumError, OfferRefused
from reviewer.home.home import Home
from reviewer.keys.duty_part import duty_part
from reviewer.keys.key_slots import Offered, Seats, fill_quarters, fill_weeks, without_keys
from reviewer.keys.manifest_update import follow, weeks_without_key
from reviewer.keys.offering import is_too_far, make_offer, quarters_of, read_offer, wanted_weeks
from reviewer.keys.recipient_files import with_signatures
from reviewer.media.medium_offers import MediumOffers
from reviewer.media.root_medium import RootMedium
from reviewer.twin.twin import require_ready, write_twin
from system.errors import ProgramError


@dataclass(frozen=True, slots=True)
class IssueResult:
    """The result of an issue.

    ``renewed`` are weeks in which a lost key of this reviewer was replaced; ``lacking`` names reviewers who offered
    no key for weeks that are not over. Joined and departed reviewers are relative to the manifest before.
    """

    verified: VerifiedManifest
    new_weeks: tuple[Week, ...]
    renewed: tuple[Week, ...]
    joined: tuple[Party, ...]
    left: tuple[str, ...]
    lacking: Mapping[str, tuple[Week, ...]]
    new_servers: tuple[Party, ...]
    gone_servers: tuple[Party, ...]


def issue_keys(
    home: Home,
    medium: RootMedium,
    *,
    weeks: int,
    offers: Sequence[bytes] = (),
    twin: Path | None,
    new_twin: bool = False,
    date_is_right: bool = False,
    duty: Sequence[DutyPublicKey] | None = None,
    today: dt.date,
) -> IssueResult:
    """Sign the next manifest: all earlier keys, and keys up to ``weeks`` weeks from this one.

    They are this reviewer's keys and those of the reviewers whose ``offers`` are given, on the medium, or added
    before. ``duty`` are the keys of both duty machines, empty for none, or None for those of the manifest before.

    Raises:
        DutyPartRefused: see :func:`reviewer.keys.duty_part.duty_part`; nothing was issued.
        HomeError: the twin was to be written, and a key at home is damaged.
        MediumError: the medium belongs to another organisation, or is older than what this home has seen; or
            ``twin`` is not the twin, or has a key that is nowhere else.
        ProgramError: the date is unlikely, and was not confirmed.
        OfferRefused: an offer is not sound, or there is no room for its reviewer; nothing was issued.
    """
    if twin is not None:
        # Before a new key takes the place of one that only the twin still has.
        require_ready(home, twin, is_new=new_twin)
    catch_up(home, medium, today=today)
    before = medium.newest
    if before is not None and not date_is_right:
        _require_likely_day(before, today)
    pending = home.casebook.pending_reviewers
    awaited = [read_offer(raw, root=home.root_key, today=today) for raw in pending.coming().values()]
    given = [*awaited, *(read_offer(raw, root=home.root_key, today=today) for raw in offers)]
    kept = MediumOffers(medium.folder, root=home.root_key)
    reviewers = _reviewers(home, medium, given, awaited=awaited)
    servers = tuple(home.casebook.servers.all())
    duty_keys = duty_part(home, before, servers=servers, reviewers=reviewers, asked=duty)
    lost = set(weeks_without_key(home, before)) if before else set()
    own = make_offer(home, weeks=weeks, today=today)
    if twin is not None:
        write_twin(home, twin, is_new=new_twin)
    offered = Offered.of([*kept.all, *kept.without_known(given), own], today=today)
    present = [party.verify_key for party in reviewers]
    _require_offers(reviewers, offered)
    seats = Seats(present, unaccounted=_unaccounted(before, kept.all))
    wanted = wanted_weeks(home, weeks=weeks, today=today)
    intake = fill_weeks(_issued_weeks(home, before, today), wanted, offered, seats, today=today)[-MOST_WEEKS:]
    sealed = fill_quarters(
        [entry for entry in before.manifest.sealed if not is_too_far(entry.quarter, today)] if before else (),
        quarters_of(wanted, today=today),
        offered,
        seats,
        today=today,
    )[-MOST_QUARTERS:]
    manifest = Manifest(
        version=before.version + 1 if before else 1,
        organisation=home.organisation,
        previous_sha256=before.sha256 if before else None,
        issued=today,
        expires=_last_day_without_gap(intake, today),
        derivation=before.manifest.derivation if before else SiteDerivation.generate(),
        servers=servers,
        reviewers=reviewers,
        intake=intake,
        sealed=with_signatures(sealed, root=medium.signing_key),
        duty=duty_keys,
    )
    raw, signature = sign_manifest(manifest, root=medium.signing_key)
    verified = verify_manifest(raw, signature, root=home.root_key)
    for offer in [*given, own]:
        kept.add(offer)
    medium.add(verified)
    with home.casebook.changing():
        follow(home, [verified], today=today)
        pending.settle()
        home.casebook.log.add("keys issued", f"manifest {verified.version}", today=today)
    listed = {entry.week for entry in before.manifest.intake} if before else set()
    known = {party.verify_key for party in before.manifest.reviewers} if before else set()
    servers_before = before.manifest.servers if before else ()
    open_weeks = [entry for entry in intake if entry.week.last_day >= today]
    return IssueResult(
        verified,
        new_weeks=tuple(entry.week for entry in intake if entry.week not in listed),
        renewed=tuple(entry.week for entry in open_weeks if entry.week in lost),
        joined=tuple(party for party in reviewers if party.verify_key not in known),
        left=tuple(
            party.name for party in (before.manifest.reviewers if before else ()) if party.verify_key not in present
        ),
        lacking={
            party.name: tuple(missing)
            for party in reviewers
            if (missing := without_keys(open_weeks, offered.weeks[party.verify_key]))
        },
        new_servers=tuple(party for party in manifest.servers if party not in servers_before),
        gone_servers=tuple(party for party in servers_before if party not in manifest.servers),
    )


def catch_up(home: Home, medium: RootMedium, *, today: dt.date) -> None:
    """Adopt the newest manifest of the medium: an interruption may have left this home behind.

    Raises:
        MediumError: the medium belongs to another organisation, or is older than what this home has seen.
    """
    _require_same_run(home, medium)
    if medium.run:
        follow(home, medium.run, today=today)


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


def _require_likely_day(before: VerifiedManifest, today: dt.date) -> None:
    """Refuse an unlikely date: this machine has no network to learn the time from.

    Every server refuses a manifest with a wrong date, and its weeks stay in all later manifests.
    """
    hint = "look at the date of this machine (timedatectl); if it is right, add --date-is-right"
    if today < before.manifest.issued - dt.timedelta(days=1):
        raise ProgramError(
            f"this machine says it is {today.isoformat()}, before the newest manifest was issued", hint=hint
        )
    if today > before.manifest.expires:
        raise ProgramError(
            f"this machine says it is {today.isoformat()}, and the newest manifest ended on"
            f" {before.manifest.expires.isoformat()}",
            hint=hint,
        )


def _last_day_without_gap(entries: Sequence[IntakeWeek], today: dt.date) -> dt.date:
    """The last day up to which every day has keys.

    Weeks that a clock far ahead has listed may lie behind a gap, in which intake would be closed without a warning.
    """
    weeks = {entry.week for entry in entries if entry.week.last_day >= today}
    last = min(weeks)
    while last.next() in weeks:
        last = last.next()
    return last.last_day


def _issued_weeks(home: Home, before: VerifiedManifest | None, today: dt.date) -> list[IntakeWeek]:
    """The issued weeks, without those retired before their end and those that only a wrong clock listed.

    Every server had closed the retired ones, and a server that is added now must not seal to a destroyed key. The
    others were accepted by no server, and no manifest of today may reach so far.
    """
    entries = before.manifest.intake if before else ()
    retired = set(home.casebook.retired.all())
    return [
        entry
        for entry in entries
        if (entry.week not in retired or entry.week.last_day < today) and not is_too_far(entry.week, today)
    ]


def _reviewers(
    home: Home, medium: RootMedium, given: Sequence[VerifiedOffer], *, awaited: Sequence[VerifiedOffer]
) -> tuple[Party, ...]:
    """The reviewers of the last manifest, without those who leave, with this one and those who join.

    A removed reviewer comes back only on request: an old offer on a stick must not add anyone.
    """
    before = medium.newest.manifest.reviewers if medium.newest else ()
    going = set(home.casebook.pending_reviewers.going())
    present = {party.verify_key: party for party in before if party.name not in going}
    own = home.party_keys().party()
    listed_ever = {party for earlier in medium.run for party in earlier.manifest.reviewers}
    expected = {*before, *(offer.reviewer for offer in awaited)}
    if own.verify_key not in present:
        if own in listed_ever:
            raise OfferRefused(
                "this reviewer was removed from the manifest",
                hint="a removed reviewer comes back with a new home: tipline-review init HOME --root-key root.pub",
            )
        _seat(present, own)
    for offer in given:
        if offer.reviewer.name in going and offer.reviewer in before:
            raise OfferRefused(
                f"reviewer {offer.reviewer.name} is to leave with this manifest, and yet its offer is given",
                hint="if it stays: tipline-review reviewers add HOME OFFER",
            )
        if offer.reviewer in listed_ever - expected:
            raise OfferRefused(
                f"reviewer {offer.reviewer.name} was removed, and yet an offer of it is given",
                hint="leave it out; if that reviewer is to come back: tipline-review reviewers add HOME OFFER",
            )
        _seat(present, offer.reviewer)
    if len(present) > MOST_REVIEWERS:
        raise OfferRefused(
            f"there can be at most {MOST_REVIEWERS} reviewers", hint="remove one: tipline-review reviewers remove"
        )
    return tuple(sorted(present.values(), key=lambda party: party.name))


def _seat(present: dict[PartyVerifyKey, Party], party: Party) -> None:
    known = present.setdefault(party.verify_key, party)
    if known != party:
        raise OfferRefused(
            f"the offer of {party.name} has another name or transport key than the manifest before",
            hint="these never change: ask that reviewer by telephone what happened",
        )
    if any(other.name == party.name and other != party for other in present.values()):
        raise OfferRefused(
            f"another reviewer is called {party.name}, and has other keys",
            hint=f"if {party.name} lost its machine: tipline-review reviewers remove HOME {party.name}, then issue;"
            " if it is another person: init with another --name",
        )


def _unaccounted(before: VerifiedManifest | None, known: Sequence[VerifiedOffer]) -> list[PartyVerifyKey]:
    """Reviewers whose issued keys cannot be told from others: the medium has lost their offers.

    It was restored from paper, for example. A later offer does not help: it names other keys if those were lost.
    """
    if before is None:
        return []
    issued = {key for entry in before.manifest.intake for key in entry.keys}
    told = {
        each.reviewer.verify_key for each in known if not issued.isdisjoint(key for _week, key in each.offer.intake)
    }
    return [party.verify_key for party in before.manifest.reviewers if party.verify_key not in told]


def _require_offers(reviewers: Sequence[Party], offered: Offered) -> None:
    for party in reviewers:
        if party.verify_key not in offered.weeks:
            raise OfferRefused(
                f"this medium holds no offer of reviewer {party.name}, so its keys cannot be told from others",
                hint=f"tipline-review keys offer on the machine of {party.name}, then keys issue --with that file",
            )
