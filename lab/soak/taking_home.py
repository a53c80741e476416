"""A reviewer's home that is given every faulty bundle."""

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from crypto.bundles.bundle import ItemType
from crypto.bundles.stream_position import StreamPosition
from crypto.keys.key_file import PARTY_KEYS
from lab.soak.home import Reviewer
from lab.soak.losses import want
from lab.soak.spoilt_bundles import Fault, own_keys, read_before, sender_keys, taken_back
from system.clock import SYSTEM_CLOCK
from tests.vectors.book import NOT_FOR_US, REPLAYED

_DAY: Final = SYSTEM_CLOCK.today()
_LOG: Final = "log"


class TakingHome:
    """A reviewer's home with the keys of the vectors."""

    @staticmethod
    def items() -> tuple[ItemType, Sequence[bytes]]:
        return ItemType.SUBMISSION, (b"an envelope", b"another one", b"a third")

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._last_state = ""
        self._reviewer = Reviewer(folder / "home")
        self._reviewer.do("init", "--root", folder / "root", "--organisation", "Example Watch")
        with self._reviewer.opened() as home:
            home.keyring.destroy(PARTY_KEYS)
            home.keyring.keep(PARTY_KEYS, own_keys("reviewer").seeds())
            home.casebook.servers.add(sender_keys("server").party(), today=_DAY)

    @contextlib.contextmanager
    def at(self, place: dict[str, Any] | None) -> Iterator[None]:
        if place is None:
            yield
            return
        with taken_back(self._reviewer.home):
            with self._reviewer.opened() as home:
                for stream, number, digest in read_before(place):
                    home.casebook.servers.advance("server", StreamPosition(stream, number, digest))
                home.casebook.servers.confirm_stream("server", bytes.fromhex(place["stream"]))
            self._last_state = ""
            yield
        self._last_state = ""

    def judges(self, fault: Fault) -> bool:
        """A reviewer reads on in a stream that has ended."""
        return not fault.is_of_an_ended_stream

    def take(self, sound: bytes) -> None:
        """Take in the rest of a fault's bundle where nothing is wrong; afterwards all is as before."""
        file = self._folder / "tips.bundles"
        file.write_bytes(sound)
        with taken_back(self._reviewer.home):
            before = self._state()
            self._reviewer.do("import", file)
            want(self._state() != before, "a sound bundle leaves nothing in the casebook")

    def give(self, fault: Fault) -> None:
        file = self._folder / "tips.bundles"
        file.write_bytes(fault.file)
        before = self._last_state or self._state()
        code, said = self._reviewer.attempt("import", file)
        kind = fault.kind
        if kind == REPLAYED:
            # A bundle that was read before is read again for items that the home lacks. Those of the vectors are
            # replies, which a server must not send.
            is_passed_over = code == 0 and "1 read before" in said
            is_read_again = code == 1 and "a server must not send an item of the type reply" in said
            want(is_passed_over or is_read_again, f"{fault.name}: a repetition is not passed over: {said}")
        else:
            is_named = f"({kind})" in said or (kind == NOT_FOR_US and "sealed to this reviewer" in said)
            want(code == 1 and is_named and "hint: " in said, f"{fault.name} is not refused as {kind}: {said}")
        self._last_state = self._state()
        want(self._last_state == before, f"{fault.name} changed the casebook")

    def _state(self) -> str:
        """All that the casebook holds but its log, which has a line of each import."""
        with self._reviewer.opened() as home:
            small = home.casebook.servers._small
            tables = [name for (name,) in small.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = {name: small.rows(f"SELECT * FROM {name}") for name in sorted(tables) if name != _LOG}  # noqa: S608
            unopened = sorted(path.name for path in home.unopened.iterdir())
        return hashlib.sha256(repr((rows, unopened)).encode()).hexdigest()
