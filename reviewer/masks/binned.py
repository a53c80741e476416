"""Masks of tips in the bin: the same words and pictures are masked in tips that are read meanwhile.

The masks of a tip lie packed beside its rows, in no backup, and go with them. A stretch that is masked so stays as
any other whose tip goes.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any, Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.file_pictures import PICTURE, FilePicture, OwnedPicture
from reviewer.casebook.identifier_keys import Identifier
from reviewer.masks.equal_pictures import OwnedPictures, equal_to
from reviewer.masks.lasting import PERSON, MaskedTerms, all_known, keep_names, keep_stretch
from reviewer.masks.protection import Protection
from reviewer.matching.name_keys import name_form

_NOWHERE: Final = -1
"""The file itself lies in the bin, and no place of it counts."""


def packed_masks(casebook: Casebook, submission: int) -> bytes:
    """The masks of a tip that goes into the bin, for :meth:`Bin.put`; empty for none."""
    going = casebook.findings.of(submission, with_hidden=True)
    return _packed([_row(one) for one in all_known(casebook, Protection(casebook).numbers, going, [submission])])


def end_in_bin(casebook: Casebook, entities: Collection[int]) -> None:
    """A person removed the mask of these entities: tips that are read from now on show their words.

    Part of the caller's transaction.
    """
    for sha256, packed in casebook.bin.masks().items():
        rows = json.loads(packed)
        left = [row for row in rows if row[0] not in entities]
        if len(left) < len(rows):
            casebook.bin.set_masks(sha256, _packed(left))


class BinnedMasks:
    """The masks of all tips in the bin, read once."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        rows = [row for packed in casebook.bin.masks().values() for row in json.loads(packed)]
        self._known = [_unpacked(row) for row in rows]
        self._by_key = {key: one.entity for one in self._known for key in one.identifiers}
        self._by_name = {name: one.entity for one in self._known for name in one.names}
        self._by_form = {form: one for name, one in self._by_name.items() if (form := name_form(name))}
        self._pictures = [OwnedPicture(one, each.entity) for each in self._known for one in each.pictures]

    def mask(self, submission: int) -> None:
        """Mask the same in a tip that was read, where nothing that is here decides it.

        Part of the caller's transaction.
        """
        if not self._known:
            return
        casebook = self._casebook
        for one in casebook.findings.of(submission, with_hidden=True):
            if one.entity is None and (owner := self._owner_of(one.number, one.kind)) is not None:
                keep_stretch(casebook, submission, one.text, (one.first, one.length), one.kind, owner)
        keep_names(casebook, self._by_name, [submission])
        here = OwnedPictures(casebook)
        for file in here.of_tip(submission) if self._pictures else ():
            hers = equal_to(file, self._pictures)
            if hers and not equal_to(file, here.kept):
                keep_stretch(casebook, submission, file.text, (0, 1), PICTURE, hers[0].entity)

    def _owner_of(self, finding: int, kind: str) -> int | None:
        if kind == PERSON:
            words = self._casebook.names.words([finding]).get(finding, "")
            return self._by_form.get(name_form(words)) if self._by_form else None
        identifiers = self._casebook.identifiers
        for key in identifiers.of(finding) if self._by_key else ():
            if key in self._by_key and not identifiers.entities(key, with_hidden=True):
                return self._by_key[key]
        return None


def _packed(rows: Sequence[object]) -> bytes:
    return json.dumps(rows).encode("ascii") if rows else b""


def _row(one: MaskedTerms) -> list[object]:
    pictures = [[each.sha256.hex(), None if each.bits is None else f"{each.bits:x}"] for each in one.pictures]
    return [one.entity, one.kind, list(one.names), [[key.kind, key.key] for key in one.identifiers], pictures]


def _unpacked(row: list[Any]) -> MaskedTerms:
    entity, kind, names, identifiers, pictures = row
    return MaskedTerms(
        entity,
        kind,
        names,
        [Identifier(*key) for key in identifiers],
        [
            FilePicture(
                _NOWHERE, _NOWHERE, _NOWHERE, bytes.fromhex(sha256), None if bits is None else int(bits, 16)
            )
            for sha256, bits in pictures
        ],
    )
