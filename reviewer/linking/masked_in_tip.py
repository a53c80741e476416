"""Masked persons in a tip that is saved: no mask hides them in a folder, so staff are told of them."""

import datetime as dt
from collections.abc import Sequence

from reviewer.casebook.submission import Submission
from reviewer.clean_copy.children import Children
from reviewer.home.home import Home
from reviewer.linking.leaving_masks import LeavingMasks, MaskedEntity, leaving_masks
from reviewer.linking.masking import Masks
from reviewer.linking.picture_reading import read_before_leaving
from reviewer.linking.tip_reading import read_new_tips
from reviewer.linking.tip_texts import texts_of


def masked_in_tip(
    home: Home, submission: Submission, *, children: Children, today: dt.date
) -> Sequence[MaskedEntity]:
    """The masked and closed entities with words in the texts of a tip, or pictures among its files.

    All tips that were not read yet are read first, and pictures where one of an entity is known.

    Raises:
        ProgramError: the kernel of this machine does not shut in the processes that look into files.
        CutShort: the desk is being locked.
    """
    read_new_tips(home)
    _read_pictures(home, submission, children, today)
    return _masked(home, submission, LeavingMasks(home, [submission]))


def masked_in_pictures(
    home: Home, submission: Submission, *, children: Children, today: dt.date
) -> Sequence[MaskedEntity]:
    """Those with a picture among the files of a tip. Pictures that were not read yet are read first.

    Raises:
        ProgramError: the kernel of this machine does not shut in the processes that look into files.
        CutShort: the desk is being locked.
    """
    hidden = leaving_masks(home, [submission], children=children, today=today)
    return [one for one in _masked(home, submission, hidden) if one.files]


def masked_in_file(
    home: Home, submission: Submission, sha256: bytes, *, children: Children, today: dt.date
) -> str | None:
    """The name of a masked entity, such as P-41, whose picture a file shows; None if there is none.

    Raises:
        ProgramError, CutShort: as :func:`masked_in_tip`.
    """
    _read_pictures(home, submission, children, today)
    masks = Masks(home)
    owner = masks.owners_of_files(submission.number).get(sha256)
    return None if owner is None else masks.name(owner)


def warnings_of(masked: Sequence[MaskedEntity], *, with_words: bool = True) -> list[str]:
    """Sentences for a terminal, without a word of a person."""
    words = [f"words of {one.name} are in it, and no mask hides them there" for one in masked if one.words]
    pictures = [f"{file} shows a picture of {one.name}" for one in masked for file in one.files]
    return [*(words if with_words else ()), *pictures]


def _read_pictures(home: Home, submission: Submission, children: Children, today: dt.date) -> None:
    if Masks(home).know_pictures:
        read_before_leaving(home, [submission], children=children, today=today)


def _masked(home: Home, submission: Submission, hidden: LeavingMasks) -> Sequence[MaskedEntity]:
    texts = [one.value for one in texts_of(home, submission)]
    return hidden.in_texts(texts, files=hidden.files).masked
