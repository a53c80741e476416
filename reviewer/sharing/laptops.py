"""From laptop to laptop: shared items in a file, without a server. ``docs/formats/shared.md``."""

import datetime as dt
import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path

from crypto.errors import CryptoError, Malformed
from crypto.sharing.shared_file import MAGIC, MOST_ITEMS, read_shared_file, write_shared_file
from crypto.sharing.shared_item import open_shared
from reviewer.casebook.colleagues import FROM_A_LAPTOP
from reviewer.files.overwrite_guard import require_replaceable
from reviewer.home.home import Home
from reviewer.refusals import refusal
from reviewer.sharing.party import colleagues
from reviewer.sharing.reading import ReadItem, take_in_item
from reviewer.sharing.writing import write_item
from system.atomic_files import write_whole
from system.errors import ProgramError, system_reason
from system.given_files import open_given


@dataclass
class HeardHere:
    """New operations, names of who was heard, and the number of items of no reviewer."""

    operations: int = 0
    heard_from: set[str] = field(default_factory=set)
    from_no_reviewer: int = 0

    def note(self, read: ReadItem) -> None:
        self.operations += read.new_operations
        if read.sender is None:
            self.from_no_reviewer += 1
        elif not read.is_own:
            self.heard_from.add(read.sender)


def write_for_laptops(home: Home, out: Path, *, today: dt.date) -> int:
    """Write all that a colleague is not known to hold; how many operations that are.

    Nothing counts as sent by it: a stick can get lost, and the next outbox holds the same.

    Raises:
        ProgramError: no colleague or no keys are known here, or something else is at the place of the file.
    """
    require_replaceable(out, beginning=MAGIC, kind="file for colleagues")
    if not colleagues(home):
        raise ProgramError(
            "no other reviewer is known here",
            hint="the newest manifest lists all of them: tipline-review manifest HOME FILE",
        )
    envelopes: list[bytes] = []
    put_in: set[bytes] = set()
    with home.casebook.changing():
        while len(envelopes) < MOST_ITEMS:
            written = write_item(home, beside=put_in, today=today)
            if written is None:
                raise ProgramError("no keys of any week are known here", hint="issue keys first")
            envelopes.append(written.carried.envelope)
            put_in |= written.digests
            if not written.left:
                break
        home.casebook.log.add("shared", f"{len(put_in)} changes, to a file", today=today)
    write_whole(out, write_shared_file(envelopes))
    return len(put_in)


def read_from_laptop(home: Home, path: Path, *, today: dt.date) -> HeardHere:
    """Take in a file that a colleague wrote: all of it, or nothing.

    Raises:
        BundleRefused: it is no such file, was changed, or is sealed to keys that are not here.
    """
    retired = set(home.casebook.retired.all())
    here = [week for week in home.keyring.intake_weeks() if week not in retired]
    weeks = {key: week for week in here for key in home.keyring.intake_keys(week)}
    told = HeardHere()
    try:
        with open_given(path) as source, home.casebook.changing():
            for envelope in read_shared_file(source):
                opened = open_shared(io.BytesIO(envelope), keys=list(weeks))
                if opened is None:
                    raise Malformed("file must hold what a colleague wrote with share write")
                read = take_in_item(
                    home,
                    opened.item,
                    opened_by_week=weeks[opened.opened_by],
                    server=FROM_A_LAPTOP,
                    envelope_sha256=hashlib.sha256(envelope).digest(),
                    today=today,
                )
                told.note(read)
            home.casebook.log.add("shared", f"{told.operations} changes, from a file", today=today)
    except CryptoError as error:
        raise refusal(error) from error
    except OSError as error:
        raise ProgramError(f"cannot read {path}: {system_reason(error)}") from error
    return told
