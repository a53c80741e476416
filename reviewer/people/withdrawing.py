"""Members lose what is deleted or hidden: also what is in the bin or in quarantine.

A copy is compared with the casebook, part by part. What is not there any more leaves the copy; the rest of it stays
as it was given.
"""

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from reviewer.casebook.numbered_files import numbered_files
from reviewer.casebook.submission import Submission
from reviewer.cases.conversation import conversation_of
from reviewer.errors import CasebookError
from reviewer.home.home import Home
from reviewer.people.documents import GivenFile, GivenMessage, GivenTip, document_name
from reviewer.people.giving import documents, members, notes_of, replies_of, texts_of

_Part = TypeVar("_Part", bound=Hashable)


def withdraw_gone(home: Home, *, today: dt.date) -> int:
    """Take from all members what is deleted or hidden. Returns the number of copies changed.

    Raises:
        CasebookError: the store of members is damaged.
    """
    count = 0
    for place, name in members(home).items():
        channel = home.channels_of(place).to_member
        for document, tip in documents(home, channel):
            left = _left_of(home, tip)
            if left == tip:
                continue
            kept = {file.item for file in left.files()} if left else set()
            gone = [file.item for file in tip.files() if file.item is not None and file.item not in kept]
            act = f"{tip.short_id} from {name}: {'a part of it is gone here' if left else 'deleted'}"
            home.casebook.log.add("taken back", act, today=today)
            with home.member_store() as store:
                items = [(document_name(), left.to_bytes())] if left else []
                store.replace(channel, gone=[document, *gone], items=items)
            count += 1
    return count


def _left_of(home: Home, tip: GivenTip) -> GivenTip | None:
    """The copy without what is gone; None where the tip itself is."""
    here = {message.short_id: _found(home, message.short_id) for message in tip.messages}
    named = _found(home, tip.short_id)
    if named is None:
        return None
    submissions = [one for one in here.values() if one is not None]
    return replace(
        tip,
        messages=[
            _left_of_message(home, message, submission)
            for message in tip.messages
            if (submission := here[message.short_id]) is not None
        ],
        replies=_common(tip.replies, replies_of(conversation_of(home, named))),
        notes=_common(tip.notes, notes_of(home, submissions)),
    )


def _left_of_message(home: Home, message: GivenMessage, submission: Submission) -> GivenMessage:
    return replace(
        message,
        texts=_common(message.texts, texts_of(home, submission)),
        files=list(_left_of_files(home, message.files, submission)),
    )


def _left_of_files(home: Home, given: Sequence[GivenFile], submission: Submission) -> Iterator[GivenFile]:
    """Files that are still here; one in quarantine is named, as for a reader, and has no bytes."""
    stored = [placed.file for placed in numbered_files(home.casebook, submission)]
    here = Counter((file.name, file.sha256.hex()) for file in stored)
    for file in given:
        if here[file.name, file.sha256] > 0:
            here[file.name, file.sha256] -= 1
            is_hidden = home.casebook.quarantine.since(bytes.fromhex(file.sha256)) is not None
            yield replace(file, item=None) if is_hidden else file


def _common(given: Iterable[_Part], here: Iterable[_Part]) -> list[_Part]:
    """The parts that are still here, each as often as it is here."""
    left, kept = Counter(here), []
    for part in given:
        if left[part] > 0:
            left[part] -= 1
            kept.append(part)
    return kept


def _found(home: Home, short_id: str) -> Submission | None:
    """The submission, unless it is deleted, in the bin, or hidden by a colleague's quarantine."""
    try:
        return home.casebook.submissions.find(short_id)
    except CasebookError:
        return None
