"""The keys of members: one for the store that they share, and one for each channel of each member.

A reader has the home key and so all of them. A member has two keys from its wrap: that of the store, and its own,
from which its channels follow. Nothing of another member and nothing of the home follows from these.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from crypto.keys.at_rest import RestKey
from crypto.passphrases.people_file import UnlockedPlace, member_keys

_TO_MEMBER = "to the member"
_TO_READERS = "to the readers"
_FOLDERS = "saved folders"


@dataclass(frozen=True, slots=True)
class Channels:
    """Both directions between the readers and one member, and the folders that the member saved."""

    to_member: RestKey = field(repr=False)
    to_readers: RestKey = field(repr=False)
    folders: RestKey = field(repr=False)

    @classmethod
    def of(cls, own: RestKey) -> "Channels":
        """The channels of the member who has this key."""
        return cls(own.derive(_TO_MEMBER), own.derive(_TO_READERS), own.derive(_FOLDERS))

    @classmethod
    def at(cls, home_key: RestKey, place: int) -> "Channels":
        """The same, as a reader finds them: for the member at this place of the people file."""
        own, _store = member_keys(home_key, place)
        return cls.of(own)


def store_key(home_key: RestKey) -> RestKey:
    """The key of ``members.db``, as a reader finds it."""
    _own, store = member_keys(home_key, 0)
    return store


def keys_of_member(place: UnlockedPlace) -> tuple[RestKey, Channels]:
    """The key of ``members.db`` and the channels, as a member has them.

    Raises:
        RuntimeError: it is a reader's place.
    """
    own, store = place.keys
    if store is None:
        raise RuntimeError("a reader has no key of a member")
    return store, Channels.of(own)


def channels(home_key: RestKey, places: Iterable[int]) -> dict[str, RestKey]:
    """All channels of each place, by names that are the same under every home key."""
    found: dict[str, RestKey] = {}
    for place in places:
        here = Channels.at(home_key, place)
        found[f"{place} {_TO_MEMBER}"] = here.to_member
        found[f"{place} {_TO_READERS}"] = here.to_readers
        found[f"{place} {_FOLDERS}"] = here.folders
    return found
