"""Acts of a source and of staff, moment by moment, and their traces in each place of the machine."""

import base64
import secrets
import signal
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from crypto.passphrases.mailbox import MailboxKeys
from crypto.passphrases.passphrase import Passphrase
from demo.canary import Canary, fold
from demo.search_terms import SearchTerms
from lab.forensics.disk_search import search_disk, system_folders
from lab.forensics.held_words import HeldWords
from lab.forensics.journal import search_journal
from lab.forensics.machine import Machine
from lab.forensics.places import WORDS, search_memory
from lab.forensics.row import Row
from lab.forensics.visitor import Held, Visitor
from tests.tipline.site_stage import Upload

_BLOCK_BYTES: Final = 1 << 20
_SETTLE_SECONDS: Final = 20.0
_ACCIDENT_MEBIBYTES: Final = 40
_DURING, _OFF = "during the upload", "switched off"
_EVERYWHERE: Final = (_DURING, _OFF)
MAILBOX: Final = "mailbox id"
_FAULTS: Final = {
    "a tip": ("a form is read", "words are taken", "it is sealed", "a page is rendered"),
    "a log-in": ("words are derived", "a page is rendered"),
    "a message": ("a form is read", "it is sealed", "a page is rendered"),
}
FAULTS: Final = sum(map(len, _FAULTS.values()))
WRITTEN: Final = ("text", "answer", "name", "content", "reply", "message")


@dataclass
class Secrets:
    """Words unlike any others on the machine, and those that the site gives out."""

    written: dict[str, str] = field(init=False)
    words: tuple[str, ...] = ()
    keys: MailboxKeys | None = None

    def __post_init__(self) -> None:
        # They begin alike, so that one look is enough where none of them is.
        beginning = secrets.token_hex(6)
        self.written = {name: beginning + secrets.token_hex(4) for name in WRITTEN}

    @property
    def passphrase(self) -> Passphrase | None:
        return Passphrase.parse(" ".join(self.words)) if self.words else None

    @property
    def canaries(self) -> list[Canary]:
        found = [Canary.of_text(name, text) for name, text in self.written.items()]
        if (passphrase := self.passphrase) is not None:
            found.append(Canary.of_phrases(WORDS, passphrase.words, passphrase.digits))
            found.append(_raw(WORDS, passphrase.secret()))
        if self.keys is not None:
            found.append(_raw(MAILBOX, self.keys.address().mailbox_id.to_bytes()))
            found.append(_raw("source key", self.keys.source_key._seed))
        return found


def _raw(name: str, secret: bytes) -> Canary:
    return Canary(name, tuple({fold(secret), secret.hex().encode(), fold(base64.b64encode(secret).rstrip(b"="))}))


class Journey:
    """Plays everything on one machine; ``rows`` grow with every moment."""

    def __init__(
        self, machine: Machine, *, mebibytes: int, everywhere: bool, say: Callable[[str], object] = str
    ) -> None:
        """``everywhere``: in the middle of the upload and at the end, the temp folders and logs of the whole system
        too, where they changed meanwhile. ``say`` is told of each moment what came out."""
        self._machine = machine
        self._mebibytes = mebibytes
        self._everywhere = everywhere
        self._say = say
        self._since = time.time()
        self._secrets = Secrets()
        self.sought = SearchTerms(self._secrets.canaries)
        self._held: HeldWords | None = None
        self.rows: list[Row] = []

    def play(self, *, whole: bool = True) -> None:
        """All moments, one after the other; not ``whole`` leaves out those that differ little from others."""
        machine = self._machine
        machine.start()
        visitor = Visitor(machine.address)
        upload = self._begin_upload(visitor, self._mebibytes)
        under_way = {"text", "answer", "name", "content"}
        self._look(_DURING, in_web=under_way, in_tor=under_way)
        upload.end()
        keys = self._take_words(visitor)
        self._look("after the upload", in_web={WORDS, MAILBOX})
        visitor.post("/kept", [("nonce", visitor.hidden("nonce", form="/kept"))])
        # From here on the handle for more files keeps the mailbox, until its ten minutes are over.
        self._look("after the words were kept", in_web={MAILBOX})
        machine.carry_in((self._secrets.written["reply"], keys), ("another", keys))
        if whole:
            self._look("after a reply was carried in", in_web={MAILBOX})
        self._log_in(visitor)
        self._look("after log-in", in_web={MAILBOX})
        delete = [("nonce", visitor.hidden("nonce", form="/mailbox/delete")), ("which", "all")]
        self._send_message(visitor)
        self._look("after a message", in_web={MAILBOX})
        visitor.post("/mailbox/delete", delete)
        if whole:
            self._look("after delete", in_web={MAILBOX})
        visitor.get("/left")
        self._look("after log-out", in_web={MAILBOX})
        self._errors(keys, whole=whole)
        self._kills(whole=whole)

    def play_faults(self, *, whole: bool = True) -> None:
        """An exception that nothing expects in each step of what the web process does with what is written."""
        machine = self._machine
        faults = machine.faults
        machine.start()
        visitor = Visitor(machine.address)
        visitor.get("/form/1")
        self._send_small(visitor)
        keys = self._take_words(visitor)
        visitor.post("/kept", [("nonce", visitor.hidden("nonce", form="/kept"))])
        machine.carry_in((self._secrets.written["reply"], keys))
        for what, step in ((what, step) for what, steps in _FAULTS.items() for step in steps):
            visitor = Visitor(machine.address)
            if what == "a message":
                self._log_in(visitor)
            else:
                visitor.get("/form/1")
            with faults.failing(step):
                if what == "a tip":
                    self._send_small(visitor)
                elif what == "a log-in":
                    visitor.post("/mailbox", [("passphrase", " ".join(self._secrets.words))])
                else:
                    self._send_message(visitor, with_file=True)
                _want_error(visitor, f"{what}: {step}")
            if whole:
                self._look(f"after an exception, {what}: {step}", in_web={MAILBOX})
        if not whole:
            self._look("after exceptions", in_web={MAILBOX})
        machine.stop()

    def _take_words(self, visitor: Visitor) -> MailboxKeys:
        """Those that the visitor's page shows are looked for from now on."""
        self._secrets.words = visitor.words()
        self._secrets.keys = self._machine.mailbox(self._secrets.words)
        self.sought = SearchTerms(self._secrets.canaries)
        passphrase = self._secrets.passphrase
        if passphrase is None:
            raise RuntimeError("the page shows no words")
        self._held = HeldWords(passphrase.words, [int(group) for group in passphrase.digits])
        return self._secrets.keys

    def _begin_upload(self, visitor: Visitor, at_most_mebibytes: int = _ACCIDENT_MEBIBYTES) -> Held:
        visitor.get("/form/1")
        written = self._secrets.written
        fields = [
            ("nonce", visitor.hidden("nonce")),
            ("text", f"I saw {written['text']}."),
            ("q:company", f"Example {written['answer']}"),
        ]
        block = (written["content"].encode() + b" ") * (_BLOCK_BYTES // 21)
        upload = Held(
            visitor, "/form/1", fields, written["name"] + ".bin", block, min(self._mebibytes, at_most_mebibytes)
        )
        upload.await_middle()
        return upload

    def _log_in(self, visitor: Visitor) -> None:
        visitor.get("/return")
        visitor.post("/mailbox", [("passphrase", " ".join(self._secrets.words))])

    def _send_message(self, visitor: Visitor, *, with_file: bool = False) -> None:
        written = self._secrets.written
        fields = [
            ("nonce", visitor.hidden("nonce", form="/mailbox/write")),
            ("text", f"And then {written['message']}."),
        ]
        files = [Upload(written["name"] + ".bin", written["content"].encode())] if with_file else []
        visitor.upload("/mailbox/write", fields, files)

    def _errors(self, keys: MailboxKeys, *, whole: bool) -> None:
        """An error of the store in each stage, brought about by another program that has its key."""
        machine = self._machine
        refuse = "CREATE TRIGGER fault BEFORE {} BEGIN SELECT RAISE(ABORT, 'a fault for a test'); END"
        mend = "DROP TRIGGER fault"
        sending = {
            "the store begins": ("tipline.db", refuse.format("INSERT ON submissions"), mend),
            "bytes are written": ("bulk.db", refuse.format("INSERT ON pieces"), mend),
            "it is completed": ("tipline.db", refuse.format("UPDATE ON submissions"), mend),
        }
        for stage, fault in sending.items():
            visitor = Visitor(machine.address)
            visitor.get("/form/1")
            with machine.fault(*fault):
                self._send_small(visitor)
                _want_error(visitor, stage)
            if whole:
                self._look(f"after an error when {stage}", in_web={MAILBOX})
        self._begin_upload(Visitor(machine.address)).cut()
        if whole:
            self._look("after a body that was cut", in_web={MAILBOX})
        machine.carry_in((self._secrets.written["reply"], keys))
        gone = ("ALTER TABLE reply_envelopes RENAME TO gone", "ALTER TABLE gone RENAME TO reply_envelopes")
        visitor = Visitor(machine.address)
        with machine.fault("tipline.db", *gone):
            self._log_in(visitor)
            _want_error(visitor, "replies are read")
        if whole:
            self._look("after an error when replies are read", in_web={MAILBOX})
        self._log_in(visitor)
        delete = [("nonce", visitor.hidden("nonce", form="/mailbox/delete")), ("which", "all")]
        with machine.fault("tipline.db", refuse.format("UPDATE ON replies"), mend):
            visitor.post("/mailbox/delete", delete)
            _want_error(visitor, "a reply is deleted")
        self._look("after an error when a reply is deleted" if whole else "after errors", in_web={MAILBOX})

    def _kills(self, *, whole: bool) -> None:
        machine = self._machine
        for called, number in (("kill -9", signal.SIGKILL), ("a crash", signal.SIGSEGV)) if whole else ():
            upload = self._begin_upload(Visitor(machine.address))
            worker = machine.worker()
            machine.kill(worker, number)
            upload.end_without_server()
            machine.await_other_worker(worker)
            self._look(f"after {called} of the worker")
        upload = self._begin_upload(Visitor(machine.address))
        machine.kill(machine.worker())
        machine.kill_front()
        upload.end_without_server()
        self._look("after kill -9 of worker and front")
        if whole:
            machine.start()
            self._look("after the start that follows")
            machine.stop()
            self._look(_OFF)

    def _send_small(self, visitor: Visitor) -> None:
        written = self._secrets.written
        fields = [("nonce", visitor.hidden("nonce")), ("text", f"I saw {written['text']}.")]
        fields.append(("q:company", f"Example {written['answer']}"))
        content = (written["content"] + " ").encode() * 200_000
        visitor.upload("/form/1", fields, [Upload(written["name"] + ".bin", content)])

    def _look(self, moment: str, *, in_web: Collection[str] = (), in_tor: Collection[str] = ()) -> None:
        """Search every place. Answers leave before the last line of code that made them has run: what is still
        there a moment later counts. It is waited for as long as docs/threat-model.md says."""
        sought, machine = self.sought, self._machine
        deadline = time.monotonic() + _SETTLE_SECONDS
        machine.await_rest(_SETTLE_SECONDS)
        for place, found in search_disk(
            machine.folder,
            machine.served.key,
            sought,
            since=self._since,
            elsewhere=system_folders() if self._everywhere and moment in _EVERYWHERE else (),
        ):
            self.rows.append(Row.of(moment, place, found))
        self.rows.append(Row.of(moment, "systemd's journal", search_journal(sought, since=self._since)))
        for called, process_ids in (machine.processes() if machine.is_running() else {}).items():
            allowed = frozenset({"web": in_web, "tor": in_tor}.get(called, ()))
            while True:
                # tor has no objects of Python, among which the words could lie one by one.
                found = search_memory(process_ids, sought, None if called == "tor" else self._held)
                if found.names() <= allowed or time.monotonic() > deadline:
                    break
                time.sleep(0.5)
            if process_ids:
                self.rows.append(Row.of(moment, f"memory: {called}", found, allowed))
        self._say(self._told(moment))

    def _told(self, moment: str) -> str:
        rows = [row for row in self.rows if row.moment == moment]
        leaks = [f"{', '.join(sorted(row.found - row.allowed))} in {row.place}" for row in rows if row.is_leak]
        searched = f"{len(rows)} places, {sum(row.length for row in rows) >> 20} MiB"
        missed = "".join(f"; NOT SEARCHED: {why}" for row in rows for why in row.missed)
        found = f"FOUND {'; '.join(leaks)}" if leaks else "nothing that may not be there"
        return f"{moment}: {searched}: {found}{missed}"


def _want_error(visitor: Visitor, stage: str) -> None:
    if visitor.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise RuntimeError(f"no error when {stage}: status {visitor.status}")
