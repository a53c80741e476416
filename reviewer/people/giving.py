"""Readers give tips to members, take them back, and take in what members wrote.

A member gets copies: the texts, files, answers and notes of one conversation, as they are on that day. Giving a tip
again brings the copy up to date. :mod:`reviewer.people.withdrawing` takes from it what is gone from the casebook.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from crypto.keys.at_rest import RestKey
from crypto.passphrases.people_roster import Role
from reviewer.casebook.numbered_files import numbered_files
from reviewer.casebook.submission import Submission
from reviewer.cases.archive import add_note
from reviewer.cases.conversation import Conversation, conversation_of
from reviewer.cases.quarantine import require_not_quarantined
from reviewer.errors import CasebookError, HomeError, Quarantined
from reviewer.home.home import Home
from reviewer.people.documents import (
    ACT,
    ANSWER,
    LOCK_CHANGED,
    FromMember,
    GivenFile,
    GivenMessage,
    GivenTip,
    document_name,
    file_name,
    is_document,
    read_from_member,
    read_tip,
)
from reviewer.twin.twin import note_old_passphrase
from system.errors import ProgramError

_GIVE = "give"
LARGEST_FILE_BYTES = 64 << 20
"""A larger file is named to the member and not given."""


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """A note or the draft of an answer that a member wrote; ``number`` counts from 1 as they are listed."""

    number: int
    person: str
    place: int
    item: bytes
    said: FromMember


def members(home: Home) -> dict[int, str]:
    """Names of the members, by place."""
    if not home.is_protected:
        return {}
    people = home.people.all().people.items()
    return {place: person.name for place, person in people if person.role is Role.MEMBER}


def give(home: Home, submission: Submission, name: str, *, today: dt.date) -> int:
    """Give a tip with its conversation to a member. Returns how many files were too large.

    Raises:
        HomeError: no member has that name.
        CasebookError: a file is damaged; nothing is given then.
    """
    channel = home.channels_of(_place(home, name)).to_member
    items: list[tuple[bytes, bytes]] = []
    thread = conversation_of(home, submission)
    messages = [_message(home, one, items, today=today) for one in thread.submissions]
    tip = GivenTip(
        submission.short_id,
        today.isoformat(),
        messages,
        replies_of(thread),
        notes_of(home, thread.submissions),
    )
    items.append((document_name(), tip.to_bytes()))
    home.casebook.log.add("given", f"{submission.short_id} to {name}", today=today)
    with home.member_store() as store:
        gone = [item for found, items_of in _tips(home, name) if found == tip.short_id for item in items_of]
        store.replace(channel, gone=gone, items=items)
    return sum(file.length_bytes > LARGEST_FILE_BYTES for file in tip.files())


def take_back(home: Home, short_id: str, name: str, *, today: dt.date) -> None:
    """Take a tip from a member. What that member saved or remembers stays.

    Raises:
        HomeError: the member does not have it.
    """
    channel = home.channels_of(_place(home, name)).to_member
    gone = [item for found, items_of in _tips(home, name) if found == short_id for item in items_of]
    if not gone:
        raise HomeError("this member does not have that tip")
    home.casebook.log.add("taken back", f"{short_id} from {name}", today=today)
    with home.member_store() as store:
        store.replace(channel, gone=gone)


def given_to(home: Home, short_id: str) -> list[str]:
    """Names of the members who have this tip."""
    return [name for name in members(home).values() if any(found == short_id for found, _ in _tips(home, name))]


def given_tips(home: Home, name: str) -> list[str]:
    """The tips that a member has, by short id."""
    return sorted(found for found, _items in _tips(home, name))


def waiting(home: Home) -> list[WaitingItem]:
    """Notes and drafts of members that no reader has taken in yet, by member."""
    found: list[WaitingItem] = []
    for place, name in members(home).items():
        said_first = sorted(_from_member(home, place), key=lambda one: (one[1].minute, one[1].order))
        for item, said in said_first:
            if said.kind != ACT and not home.casebook.imported_items.has(item):
                found.append(WaitingItem(len(found) + 1, name, place, item, said))
    return found


def take_in(home: Home, chosen: WaitingItem, *, today: dt.date) -> None:
    """Keep what a member wrote as a note of its tip; a draft of an answer is marked as one.

    Raises:
        ProgramError: the tip is not here any more, or the text is too long.
    """
    submission = home.casebook.submissions.find(chosen.said.short_id)
    text = chosen.said.text
    if chosen.said.kind == ANSWER:
        text = f"Proposed answer:\n{text}"
    with home.casebook.changing():
        if home.casebook.imported_items.note(chosen.item):
            add_note(home, submission, text, today=today)
            home.casebook.log.add("taken from member", f"{submission.short_id} of {chosen.person}", today=today)
    _let_go(home, chosen.place, [chosen.item])


def discard(home: Home, chosen: WaitingItem, *, today: dt.date) -> None:
    """Destroy what a member wrote, unread by the casebook."""
    home.casebook.log.add("of member destroyed", f"{chosen.said.short_id} of {chosen.person}", today=today)
    _let_go(home, chosen.place, [chosen.item])


def take_in_acts(home: Home, *, today: dt.date) -> int:
    """Put what members did since into the log, with their minutes. Returns the number of lines."""
    count = 0
    for place, name in members(home).items():
        done = [(item, said) for item, said in _from_member(home, place) if said.kind == ACT]
        with home.casebook.changing():
            for item, said in sorted(done, key=lambda one: (one[1].minute, one[1].order)):
                if home.casebook.imported_items.note(item):
                    count += 1
                    if said.text == LOCK_CHANGED:
                        note_old_passphrase(home)
                    home.casebook.log.add_of_member(
                        said.text, said.short_id, person=name, minute=said.minute, today=today
                    )
        _let_go(home, place, [item for item, _said in done])
    return count


def _let_go(home: Home, place: int, items: list[bytes]) -> None:
    if not items:
        return
    with home.member_store() as store:
        store.replace(home.channels_of(place).to_readers, gone=items)
    with home.casebook.changing():
        for item in items:
            home.casebook.imported_items.forget(item)


def _from_member(home: Home, place: int) -> Iterator[tuple[bytes, FromMember]]:
    channel = home.channels_of(place).to_readers
    with home.member_store() as store:
        found = [(name, store.read(channel, pieces)) for name, pieces in store.items(channel).items()]
    for name, raw in found:
        try:
            yield name, read_from_member(raw)
        except CasebookError:  # written by another program with this member's key
            continue


def _tips(home: Home, name: str) -> list[tuple[str, list[bytes]]]:
    """Each tip of a member, with the names of all its items."""
    return [
        (tip.short_id, [item, *(file.item for file in tip.files() if file.item is not None)])
        for item, tip in documents(home, home.channels_of(_place(home, name)).to_member)
    ]


def documents(home: Home, channel: RestKey) -> list[tuple[bytes, GivenTip]]:
    """The copies in the channel to a member, each with the name of its document."""
    found = []
    with home.member_store() as store:
        for item, pieces in store.items(channel).items():
            with suppress(CasebookError):  # written by another program with this member's key
                if is_document(item):
                    found.append((item, read_tip(store.read(channel, pieces))))
    return found


def _place(home: Home, name: str) -> int:
    for place, member in members(home).items():
        if member == name:
            return place
    raise HomeError("no member of this home has that name", hint="tipline-review people list HOME names all")


def _message(
    home: Home, submission: Submission, items: list[tuple[bytes, bytes]], *, today: dt.date
) -> GivenMessage:
    """One message; its files are put into ``items``."""
    files: list[GivenFile] = []
    for placed in numbered_files(home.casebook, submission):
        file, item = placed.file, None
        with suppress(Quarantined):  # it was counted
            require_not_quarantined(home, submission, file, placed.read, act=_GIVE, today=today)
            if file.length_bytes <= LARGEST_FILE_BYTES:
                item = file_name()
                items.append((item, b"".join(placed.read())))
        files.append(GivenFile(file.name, file.media_type, file.length_bytes, file.sha256.hex(), item))
    day = submission.day or submission.imported_day
    return GivenMessage(submission.short_id, day.isoformat(), texts_of(home, submission), files)


def texts_of(home: Home, submission: Submission) -> list[tuple[str, str]]:
    """The texts of a message as a member gets them: name and text; those in sealed files come last."""
    sealed = home.casebook.sealed_files.of(submission).values()
    fields = [*home.casebook.submissions.fields(submission), *(one for each in sealed for one in each.fields)]
    return [(field.name, field.value) for field in fields]


def replies_of(thread: Conversation) -> list[tuple[str, str]]:
    """Our answers in a conversation as a member gets them: day and text."""
    return [(reply.day.isoformat(), reply.text) for reply in thread.replies]


def notes_of(home: Home, submissions: Sequence[Submission]) -> list[tuple[str, str]]:
    """The notes that a member gets: day and text. A note that stays on this laptop is not among them."""
    notes = [note for one in submissions for note in home.casebook.notes.of(one.number) if not note.is_private]
    return [(note.day.isoformat(), note.text) for note in notes]


def item_named(home: Home, untrusted_name: str) -> WaitingItem:
    """The waiting item of this name in hex digits.

    Raises:
        ProgramError: there is none: another reader took it in, say.
    """
    for one in waiting(home):
        if one.item.hex() == untrusted_name:
            return one
    raise ProgramError("that is not in the inbox any more")


def chosen_item(home: Home, number: int) -> WaitingItem:
    """The waiting item of this number.

    Raises:
        ProgramError: there is none.
    """
    for one in waiting(home):
        if one.number == number:
            return one
    raise ProgramError("no item of a member has that number", hint="tipline-review people inbox HOME lists them")
