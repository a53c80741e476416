"""The tips that readers gave to a member, and nothing else of the home.

A member has the key of the members' store and two channels. The casebook, the keyring and the list of people stay
closed. What the member does here goes to the readers as acts, who put it into the log.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from crypto.keys.at_rest import RestKey
from crypto.keys.keys import HybridSecretKey
from crypto.passphrases.people_file import UnlockedPlace
from reviewer.casebook.folded_text import folded
from reviewer.casebook.member_store import MemberStore
from reviewer.casebook.saved_folders import AS_IT_CAME, LOOK_SAVED, LOOKED_AT
from reviewer.cases.archive import NOTE_BYTES
from reviewer.cases.clean_name import clean_name
from reviewer.cases.saved_destroy import FOLDER_DESTROYED, Destroyed, destroy_files
from reviewer.cases.saving_place import remembered_folder, require_place
from reviewer.clean_copy.active_check import HEAD_BYTES, active_of
from reviewer.clean_copy.children import Children
from reviewer.errors import CasebookError, HomeError
from reviewer.home.home import locked_folder
from reviewer.home.keyring import replace_and_overwrite
from reviewer.home.lock import PEOPLE_FILE, MemberPassphrase, passphrase_taken, read_people, unlock_home_key
from reviewer.home.member_channels import Channels, keys_of_member
from reviewer.people.documents import (
    ACT,
    LOCK_CHANGED,
    NOTE,
    FromMember,
    GivenFile,
    GivenTip,
    document_name,
    is_document,
    read_from_member,
    read_tip,
)
from reviewer.people.given_saved import FoldersOfMember
from reviewer.terminal.plain_text import readable_text
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import this_minute
from system.errors import ProgramError

MESSAGE_NAME = "message.txt"


@dataclass(frozen=True, slots=True)
class SavedGiven:
    """One file on the disk, and the source's name for it."""

    name_here: str
    untrusted_name: str
    length_bytes: int


@dataclass(slots=True)
class GivenTips:
    """The open store, as one member sees it; tips and their index are read into memory once."""

    name: str
    _store: MemberStore = field(repr=False)
    _place: UnlockedPlace = field(repr=False)
    _minute: Callable[[], str]
    _tips: dict[str, GivenTip] = field(repr=False, default_factory=dict)
    _order: int = 0
    _index: dict[str, str] = field(repr=False, default_factory=dict)

    def read_all(self) -> None:
        """Read what is there now.

        Raises:
            CasebookError: a piece was changed.
        """
        channel = self._channels.to_member
        items = self._store.items(channel)
        read = [read_tip(self._store.read(channel, items[name])) for name in items if is_document(name)]
        self._tips = {tip.short_id: tip for tip in sorted(read, key=lambda tip: tip.given_day, reverse=True)}
        self._order = max((one.order for one in self._all_said()), default=0)
        self._index = {tip.short_id: folded("\n".join(_words(tip))) for tip in self._tips.values()}

    def all(self) -> list[GivenTip]:
        """All tips, the newest given first."""
        return list(self._tips.values())

    def find(self, untrusted_id: str) -> GivenTip:
        """One tip.

        Raises:
            HomeError: it was not given.
        """
        tip = self._tips.get(untrusted_id)
        if tip is None:
            raise HomeError("no tip with that number was given to you", hint="ask a reader")
        return tip

    def search(self, typed: str) -> list[GivenTip]:
        """The tips in which every typed word stands."""
        words = folded(typed).split()
        return [tip for tip in self.all() if words and all(word in self._index[tip.short_id] for word in words)]

    def show(self, untrusted_id: str, *, today: dt.date) -> GivenTip:
        """One tip; that it was read is noted for the log."""
        tip = self.find(untrusted_id)
        self._say(ACT, tip.short_id, "show", today)
        return tip

    def said(self, tip: GivenTip) -> list[FromMember]:
        """Notes and drafts of this member on a tip that no reader has taken in yet."""
        return [one for one in self._all_said() if one.kind != ACT and one.short_id == tip.short_id]

    def write(self, kind: str, untrusted_id: str, text: str, *, today: dt.date) -> None:
        """Send a note or the draft of an answer to the readers.

        Raises:
            ProgramError: empty, or longer than 16 KiB.
        """
        if not text.strip():
            raise ProgramError("the text must not be empty")
        if len(text.encode("utf-8", "replace")) > NOTE_BYTES:
            raise ProgramError(f"the text must have at most {NOTE_BYTES:,} bytes", hint="write it as several")
        tip = self.find(untrusted_id)
        self._say(kind, tip.short_id, text, today)
        self._say(ACT, tip.short_id, "note" if kind == NOTE else "proposed answer", today)

    def save(self, untrusted_id: str, folder: Path, *, today: dt.date, children: Children) -> list[SavedGiven]:
        """Write the message and all files of a tip to a folder in memory, under harmless names.

        Names of files that could run, or that a browser would render, end in ``.untrusted``; ``children`` look at
        their beginnings.

        Raises:
            ReadableOnDisk: the folder does not stay in memory.
            ProgramError: the folder is not empty, or cannot be written.
            CutShort: the children were ended; nothing is written then.
        """
        tip, taken, saved = self.find(untrusted_id), {MESSAGE_NAME: 1}, []
        require_place(folder, on_disk=False)
        contents = [(file, self.content(file)) for file in tip.files() if file.item is not None]
        active = active_of([content[:HEAD_BYTES] for _file, content in contents], children=children)
        marked = list(zip(contents, active, strict=True))
        self._say(ACT, tip.short_id, "save", today)
        with self._written_folder(tip, folder, AS_IT_CAME, today) as beside:
            text = readable_text("\n\n".join(_words(tip)))
            _write(beside / MESSAGE_NAME, text.encode("utf-8", "replace"))
            for (file, content), is_active in marked:
                name = clean_name(file.name, taken=taken, is_active=is_active)
                _write(beside / name, content)
                saved.append(SavedGiven(name, file.name, file.length_bytes))
        return saved

    def content(self, file: GivenFile) -> bytes:
        """The bytes of a file.

        Raises:
            CasebookError: it is damaged, or was too large to be given.
        """
        channel = self._channels.to_member
        pieces = self._store.items(channel).get(file.item or b"")
        if pieces is None:
            raise CasebookError("this file was not given to you", hint="ask a reader")
        return self._store.read(channel, pieces)

    @contextmanager
    def look_folder(self, tip: GivenTip, folder: Path, *, today: dt.date) -> Iterator[Path]:
        """An empty folder in memory for pictures and sound, which gets its place when the block ends well.

        Raises:
            ReadableOnDisk: the folder does not stay in memory.
            ProgramError: the folder is not empty, or cannot be written.
        """
        require_place(folder, on_disk=False)
        self._say(ACT, tip.short_id, LOOK_SAVED, today)
        with self._written_folder(tip, folder, LOOKED_AT, today) as beside:
            yield beside

    @property
    def folders(self) -> FoldersOfMember:
        """The folders that this member saved and did not destroy."""
        return FoldersOfMember(self._store, self._channels.folders)

    def destroy_folder(self, number: int, *, is_gone: bool, today: dt.date) -> Destroyed:
        """Overwrite and remove the files of a saved folder, and list it no more.

        Raises:
            HomeError: no folder has this number.
            ProgramError: as :func:`reviewer.cases.saved_destroy.destroy_files`.
        """
        done = destroy_files(self.folders.find(number), is_gone=is_gone)
        self.folders.forget(number)
        self._say(ACT, done.saved.tip, FOLDER_DESTROYED, today)
        return done

    def note_look(self, tip: GivenTip, *, today: dt.date) -> None:
        """Note for the log that a file of this tip is looked at."""
        self._say(ACT, tip.short_id, "look", today)

    def change_passphrase(self, folder: Path, passphrase: str, *, today: dt.date) -> None:
        """Another passphrase for this member of the home in ``folder``; it is noted for the log first.

        Killed at any moment, the new or the old one opens what was given.

        Raises:
            HomeError: it unlocks the home already.
        """
        people = read_people(folder)
        if people.is_taken(passphrase):
            raise passphrase_taken()
        self._say(ACT, "", LOCK_CHANGED, today)
        changed = people.with_own_passphrase(self._place, passphrase)
        replace_and_overwrite(folder / PEOPLE_FILE, changed.to_bytes())

    def drafts_key(self) -> HybridSecretKey:
        """Opens form drafts of this member; a locked desk has only its public half."""
        return HybridSecretKey(RestKey(self._place.own.seed()).derive("drafts of the desk").seed())

    @property
    def _channels(self) -> Channels:
        return keys_of_member(self._place)[1]

    @contextmanager
    def _written_folder(self, tip: GivenTip, folder: Path, kind: str, today: dt.date) -> Iterator[Path]:
        listed, folder = self.folders, folder.absolute()
        with remembered_folder(listed, tip.short_id, folder, kind, is_in_memory=True, today=today) as (
            beside,
            number,
        ):
            yield beside
            listed.name_files(number, sorted(path.name for path in beside.iterdir()))

    def _all_said(self) -> list[FromMember]:
        channel = self._channels.to_readers
        items = self._store.items(channel)
        found = [read_from_member(self._store.read(channel, pieces)) for pieces in items.values()]
        return sorted(found, key=lambda one: (one.minute, one.order))

    def _say(self, kind: str, short_id: str, text: str, today: dt.date) -> None:
        self._order += 1
        said = FromMember(kind, short_id, today.isoformat(), self._minute(), text, self._order)
        self._store.replace(self._channels.to_readers, items=[(document_name(), said.to_bytes())])


@contextmanager
def open_given(
    folder: Path, place: UnlockedPlace, *, minute: Callable[[], str] = this_minute
) -> Iterator[GivenTips]:
    """The tips of the member at ``place``, for the length of the block.

    Raises:
        HomeError: the home is in use, or a reader has to unlock it first.
    """
    with locked_folder(folder):
        key, _channels = keys_of_member(place)
        try:
            store = MemberStore.open(folder, key=key)
        except CasebookError as error:
            raise HomeError(
                "what was given to members does not open", hint="let a reader unlock this home once, then try again"
            ) from error
        try:
            given = GivenTips(place.name, store, place, minute)
            given.read_all()
            yield given
        finally:
            store.close()


def member_of(folder: Path, entry: SecretEntry) -> UnlockedPlace:
    """The member whose passphrase it is.

    Raises:
        HomeError: it is a reader's, or no person's.
    """
    try:
        unlock_home_key(folder, entry)
    except MemberPassphrase as found:
        return found.place
    raise HomeError("this passphrase is a reader's", hint="use the other commands: they open the whole home")


def _words(tip: GivenTip) -> list[str]:
    texts = [text for message in tip.messages for _name, text in message.texts]
    names = [file.name for file in tip.files()]
    said = [text for _day, text in (*tip.replies, *tip.notes)]
    return [*texts, *names, *said]


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as sink:
        path.chmod(0o600)
        sink.write(content)
