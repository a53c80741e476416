"""This reviewer's own keys of coming weeks and quarters, and the offer of their public halves.

A secret key is on the disk before its public half leaves the function. The worst leftover of an interruption is an
unused key.
"""

import datetime as dt
from collections.abc import Sequence

from crypto.errors import CryptoError
from crypto.keys.keys import IntakePublicKey, IntakeSecretKey, RootVerifyKey, SealedPublicKey, SealedSecretKey
from crypto.manifests.manifest_body import MOST_VALID_DAYS
from crypto.manifests.offer import Offer, VerifiedOffer, sign_offer, verify_offer
from crypto.primitives.week import Quarter, Week
from reviewer.errors import OfferRefused
from reviewer.home.home import Home
from reviewer.home.keyring import Keyring, intake_name, sealed_name
from reviewer.keys.key_slots import is_dated_ahead
from reviewer.refusals import kind_of


def make_offer(home: Home, *, weeks: int, today: dt.date) -> VerifiedOffer:
    """Public keys for ``weeks`` weeks from this one, and for all current weeks of the newest manifest.

    A lost or missing key is replaced.
    """
    wanted = wanted_weeks(home, weeks=weeks, today=today)
    own = home.party_keys()
    offer = Offer(
        root=home.root_key,
        reviewer=own.party(),
        offered=today,
        intake=tuple((week, _week_key(home.keyring, week)) for week in wanted),
        sealed=tuple(
            (quarter, _quarter_key(home.keyring, quarter)) for quarter in quarters_of(wanted, today=today)
        ),
    )
    return verify_offer(sign_offer(offer, key=own.signing), root=home.root_key)


def wanted_weeks(home: Home, *, weeks: int, today: dt.date) -> list[Week]:
    """``weeks`` weeks from this one on, and those of the newest manifest that are not over."""
    newest = home.casebook.manifests.newest(root=home.root_key)
    listed = [entry.week for entry in newest.manifest.intake] if newest else []
    retired = set(home.casebook.retired.all())
    wanted = {week for week in listed if week.last_day >= today and not is_too_far(week, today)}
    week = Week.of(today)
    while week in retired:
        week = week.next()
    for _ in range(weeks):
        wanted.add(week)
        week = week.next()
    return sorted(wanted - retired)


def is_too_far(when: Week | Quarter, today: dt.date) -> bool:
    """True if a manifest of today cannot list it."""
    return when.last_day > today + dt.timedelta(days=MOST_VALID_DAYS)


def quarters_of(weeks: Sequence[Week], *, today: dt.date) -> list[Quarter]:
    """The quarters from today's on in which keys of these weeks are good."""
    quarters = [Quarter.of(today)]
    while quarters[-1].last_day < max(week.last_day for week in weeks):
        quarters.append(quarters[-1].next())
    return quarters


def read_offer(untrusted_bytes: bytes, *, root: RootVerifyKey, today: dt.date) -> VerifiedOffer:
    """An offer from a file.

    Raises:
        OfferRefused: no offer, changed, for another organisation, or of a day to come.
    """
    try:
        verified = verify_offer(untrusted_bytes, root=root)
    except CryptoError as error:
        raise OfferRefused(
            f"offer refused ({kind_of(error)}): {error}",
            hint="it is the file that tipline-review keys offer wrote on that reviewer's machine; copy it again",
        ) from error
    if is_dated_ahead(verified, today):
        raise OfferRefused(
            f"offer refused (too early): {verified.reviewer.name} made it on {verified.offer.offered.isoformat()},"
            f" and this machine says it is {today.isoformat()}",
            hint="look at the date of both machines (timedatectl); where the other was wrong: keys offer, again",
        )
    return verified


def _week_key(keyring: Keyring, week: Week) -> IntakePublicKey:
    if week in keyring.intake_weeks():
        return keyring.intake_key(week).public_key()
    key = IntakeSecretKey.generate()
    keyring.keep(intake_name(week), key.seed())
    return key.public_key()


def _quarter_key(keyring: Keyring, quarter: Quarter) -> SealedPublicKey:
    if quarter in keyring.sealed_quarters():
        return keyring.sealed_key(quarter).public_key()
    key = SealedSecretKey.generate()
    keyring.keep(sealed_name(quarter), key.seed())
    return key.public_key()
