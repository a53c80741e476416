"""Proposals of colleagues to forget: entities by their ids, and the places of their passages.

The rule by which such a proposal takes effect is that of deletions: its row in ``deletion_proposals`` has the
digest of the entity in place of that of an envelope.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crypto.errors import Malformed
from crypto.sharing.text_place import SharedPlace
from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.link_operations import id_of
from reviewer.casebook.proposals import DeletionProposal, DeletionProposals

MOST_PASSAGES: Final = 256
FORGOTTEN: Final = "asked"
"""The reason of each such proposal, a word of the list of reasons of deletions."""

_DIGEST_BYTES: Final = 32
_LABEL: Final = b"tipline/v1/forgotten-entity\0"


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """A stretch of the tip whose envelope has this digest, read as a ``kind``."""

    tip: bytes
    kind: str
    place: SharedPlace

    def __str__(self) -> str:
        return f"{self.tip.hex()} {self.kind} {self.place}"

    @classmethod
    def parse(cls, untrusted_text: str) -> "SharedPassage":
        """Undo :meth:`__str__`.

        Raises:
            Malformed: anything else.
        """
        tip, _, rest = untrusted_text.partition(" ")
        kind, _, place = rest.partition(" ")
        digest = id_of(tip, length_bytes=_DIGEST_BYTES)
        if digest is None or not (kind.isascii() and kind.isalpha() and kind.islower()):
            raise Malformed("passage must be the digest of a tip, a kind, and a place")
        return cls(digest, kind, SharedPlace.parse(place))


@dataclass(frozen=True, slots=True)
class EntityProposal:
    """A colleague's proposal to forget entities that are one, with all passages that the colleague knew."""

    proposal: DeletionProposal
    entities: Sequence[bytes]
    passages: Sequence[SharedPassage]


def subject_of(entities: Sequence[bytes]) -> bytes:
    """The digest that stands for these entities in place of an envelope."""
    return hashlib.sha256(_LABEL + min(entities)).digest()


class EntityProposals:
    """Beside :class:`DeletionProposals`; each method is a part of the caller's change."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small
        self._proposals = DeletionProposals(small)

    def propose(self, entities: Sequence[bytes], *, reviewer: str, today: dt.date) -> bytes:
        """Record a forgetting of this home for its colleagues; its uuid."""
        return self._proposals.propose(subject_of(entities), reviewer=reviewer, reason=FORGOTTEN, today=today)

    def receive(
        self,
        uuid: bytes,
        entities: Sequence[bytes],
        passages: Sequence[SharedPassage],
        *,
        reviewer: str,
        today: dt.date,
    ) -> None:
        """Keep a colleague's proposal, once.

        Raises:
            CasebookError: the uuid has another length.
        """
        if self._proposals.receive(uuid, subject_of(entities), reviewer=reviewer, reason=FORGOTTEN, today=today):
            ids, places = ([one.hex() for one in entities], [str(one) for one in passages])
            self._small.run(
                "INSERT INTO entity_proposals VALUES (?, ?, ?)", (uuid, json.dumps(ids), json.dumps(places))
            )

    def waiting(self) -> list[EntityProposal]:
        """Those that are not done, in the order in which they came."""
        rows = {
            uuid: (ids, places)
            for uuid, ids, places in self._small.rows("SELECT uuid, entities, passages FROM entity_proposals")
        }
        return [
            EntityProposal(
                one,
                [bytes.fromhex(text) for text in json.loads(rows[one.uuid][0])],
                [SharedPassage.parse(text) for text in json.loads(rows[one.uuid][1])],
            )
            for one in self._proposals.waiting()
            if one.uuid in rows
        ]

    def uuids(self) -> set[bytes]:
        """The proposals that are about entities."""
        return {bytes(row[0]) for row in self._small.rows("SELECT uuid FROM entity_proposals")}

    def mark_done(self, entities: Sequence[bytes]) -> None:
        """These entities are forgotten here: what colleagues propose about them is done, and its places go."""
        for one in self.waiting():
            if set(one.entities) & set(entities):
                self._proposals.mark_done(one.proposal.envelope_sha256)
                self._small.run("UPDATE entity_proposals SET passages = '[]' WHERE uuid = ?", (one.proposal.uuid,))
