"""The keys of this home for what leaves it, kept in the casebook and so in its backups.

They are made on first use.
A restored home has the same keys, so that the words that others have on paper stay right. After a theft
:func:`begin_evidence_key` begins another one.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto.hand_over.key_file import FORMAT, HandOverKeys, HandOverParty
from crypto.keys import minisign
from crypto.keys.fingerprint import digit_groups, evidence_words
from crypto.keys.leaving_keys import EvidenceSigningKey, EvidenceVerifyKey
from reviewer.casebook.leaving import EVIDENCE, HAND_OVER
from reviewer.files.overwrite_guard import require_replaceable
from reviewer.home.home import Home
from system.atomic_files import write_whole

_NEW_KEY_ACT, _NEW_HAND_OVER_KEY_ACT = "evidence key", "hand-over key"
KEY_FILE_BEGINNING: Final = b'{"format":"' + FORMAT.encode("ascii") + b'"'


@dataclass(frozen=True, slots=True)
class EvidencePublic:
    """The public half: the file ``evidence.pub``, and its forms for the telephone."""

    key: EvidenceVerifyKey
    since_day: dt.date
    ended_day: dt.date | None = None

    @property
    def file(self) -> bytes:
        """``evidence.pub``, as ``minisign -p`` reads it."""
        return minisign.public_key_file(self.key)

    @property
    def line(self) -> str:
        """The key as ``minisign -P`` takes it."""
        return self.file.decode("ascii").splitlines()[1]

    @property
    def digits(self) -> str:
        """SHA-256 of :attr:`file` in groups of four, as ``sha256sum`` prints it without the blanks."""
        return digit_groups(hashlib.sha256(self.file).digest())

    @property
    def words(self) -> str:
        return evidence_words(self.key)


def evidence_keys(home: Home) -> list[EvidencePublic]:
    """All keys that this home ever signed evidence with, the newest first; perhaps none yet."""
    return [
        EvidencePublic(EvidenceSigningKey(one.seeds).verify_key(), one.since_day, one.ended_day)
        for one in home.casebook.leaving_keys.all(EVIDENCE)
    ]


def evidence_signing_key(home: Home, *, today: dt.date) -> EvidenceSigningKey:
    """The key in use; it is made now where there is none."""
    keys = home.casebook.leaving_keys.all(EVIDENCE)
    return EvidenceSigningKey(keys[0].seeds) if keys else begin_evidence_key(home, today=today)


def evidence_public(home: Home, *, today: dt.date) -> EvidencePublic:
    """The public half of the key in use; it is made now where there is none."""
    evidence_signing_key(home, today=today)
    return evidence_keys(home)[0]


def begin_evidence_key(home: Home, *, today: dt.date) -> EvidenceSigningKey:
    """Make another key; what the one before signed stays good under its own words."""
    key = EvidenceSigningKey.generate()
    with home.casebook.changing():
        home.casebook.leaving_keys.begin(EVIDENCE, key.seed(), today=today)
        home.casebook.log.add(_NEW_KEY_ACT, evidence_words(key.verify_key()), today=today)
    return key


def hand_over_keys(home: Home) -> list[HandOverKeys]:
    """All keys to which cases were or are sealed for this home, the newest first; perhaps none yet."""
    return [
        HandOverKeys.from_seeds(home.organisation, one.seeds) for one in home.casebook.leaving_keys.all(HAND_OVER)
    ]


def hand_over_key(home: Home, *, today: dt.date) -> HandOverKeys:
    """The key in use; it is made now where there is none."""
    keys = hand_over_keys(home)
    if keys:
        return keys[0]
    made = HandOverKeys.generate(home.organisation)
    with home.casebook.changing():
        home.casebook.leaving_keys.begin(HAND_OVER, made.seeds(), today=today)
        home.casebook.log.add(_NEW_HAND_OVER_KEY_ACT, made.party().words, today=today)
    return made


def write_key_file(home: Home, path: Path, *, today: dt.date) -> HandOverParty:
    """Write the key file of this home, which holds no secret; it replaces only another key file.

    Raises:
        ProgramError: another file is there, or it cannot be written.
    """
    party = hand_over_key(home, today=today).party()
    require_replaceable(path, beginning=KEY_FILE_BEGINNING, kind="hand-over key file")
    write_whole(path, party.to_bytes(), mode=0o644)
    return party
