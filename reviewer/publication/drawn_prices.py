"""Prices of leaving each number of a table out, drawn with a secret key.

A small number is left out, and another one of its line with it. If this were always the smallest of the others,
everyone who knows the rule would know that it is no larger than those that are shown, and so how small the small
one can at most be. The key is known to one casebook and its backups only. Smaller numbers are left out more often,
so that a table keeps most of what it tells, but every other choice is possible too.
"""

import hashlib
import hmac
import math
from collections.abc import Mapping
from typing import Final

from crypto.keys.at_rest import RestKey
from reviewer.home.home import Home
from reviewer.home.keyring import CASEBOOK_KEY
from reviewer.publication.counted_table import CountedTable, Place

_DRAWN_BYTES: Final = 6


def drawing_key(home: Home, name: str) -> RestKey:
    """The key for one table; the same at each preview, so that no one can look until a choice pleases."""
    return RestKey(home.keyring.secret(CASEBOOK_KEY)).derive(f"numbers left out of {name}")


def drawn_prices(table: CountedTable, key: RestKey) -> Mapping[Place, float]:
    """A price above 0 for each place of a table.

    Of several places each is the cheapest with a chance that falls with its count: half as often where the count is
    twice as high.
    """
    return {place: (1 + table.value(place)) * _drawn(table.label(place), key) for place in table.places()}


def _drawn(label: str, key: RestKey) -> float:
    """A number that the exponential distribution with mean 1 gives: the same for the same label and key."""
    digest = hmac.digest(key.seed(), label.encode(), hashlib.sha256)
    return -math.log((0.5 + int.from_bytes(digest[:_DRAWN_BYTES])) / (1 << 8 * _DRAWN_BYTES))
