"""Relay files: the secret of one relay, the marks of the next days, and both duty keys."""

import datetime as dt
from collections.abc import Sequence

from crypto.beacon.day_mark import MarkKey
from crypto.beacon.relay_file import MOST_MARKS, RelayFile, RelayFilePublicKey, seal_relay_file
from crypto.beacon.sighting import RelaySecret
from crypto.errors import CryptoError
from crypto.keys.keys import DutyPublicKey
from reviewer.errors import BeaconRefused
from reviewer.home.home import Home

DAYS = 11
"""Yesterday, and ten days: a visit each week leaves three to spare."""
FEWEST_DAYS, MOST_DAYS = 4, MOST_MARKS
_KEY_BYTES = 4096


def parse_relay_key(untrusted_bytes: bytes) -> RelayFilePublicKey:
    """The key of a relay's files, from ``relay-file.pub``.

    Raises:
        BeaconRefused: the file is not such a one.
    """
    try:
        return RelayFilePublicKey.parse(untrusted_bytes[:_KEY_BYTES].decode("ascii").strip())
    except (CryptoError, UnicodeDecodeError) as error:
        raise BeaconRefused(
            "file of a relay's key must hold a public key that begins with age1pq1",
            hint="it is relay-file.pub in the folder of the relay",
        ) from error


def make_relay_file(
    home: Home,
    number: int,
    *,
    to: RelayFilePublicKey,
    duty: Sequence[DutyPublicKey],
    days: int,
    today: dt.date,
    now: int,
) -> tuple[RelayFile, bytes]:
    """The relay file from yesterday on, and its bytes sealed to the relay's key. Nothing is written.

    ``now`` in Unix seconds stands in it: a relay takes no file that was made earlier.

    Raises:
        BeaconRefused: no such relay is in use, there is no button yet, or not two different duty keys.
    """
    register = home.casebook.help_register
    relay = next((one for one in register.relays() if one.number == number and one.removed_day is None), None)
    if relay is None:
        raise BeaconRefused(f"no relay {number} is in use", hint="tipline-review beacon relays list HOME")
    mark_key = register.mark_key()
    if mark_key is None:
        raise BeaconRefused("there are no marks before the first button", hint="tipline-review beacon new HOME")
    if len(set(duty)) != 2:
        raise BeaconRefused("a relay posts to two different duty keys", hint="--duty once for each machine")
    if to in {RelayFilePublicKey(key.to_bytes()) for key in duty}:
        raise BeaconRefused("the key of the relay must be none of the duty keys")
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise BeaconRefused(f"a relay file has marks for {FEWEST_DAYS} to {MOST_DAYS} days")
    first = today - dt.timedelta(days=1)
    key = MarkKey(mark_key)
    marks = tuple(key.mark_of(first + dt.timedelta(days=place)) for place in range(days))
    made = RelayFile(number, RelaySecret(relay.secret), tuple(duty), first, marks, now)
    return made, seal_relay_file(made, key=home.party_keys().signing, to=to)


def log_relay_file(home: Home, made: RelayFile, *, today: dt.date) -> None:
    """Log that a relay file is about to be written."""
    home.casebook.log.add("relay file written", f"relay {made.number}, to {made.last_day}", today=today)
