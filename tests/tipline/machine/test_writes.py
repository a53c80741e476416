"""While sources, couriers and the operator do what they do: the server's programs write to the store only."""

import re
import subprocess
import sys
from pathlib import Path

from crypto.passphrases.mailbox import open_mailbox
from crypto.passphrases.passphrase import Passphrase
from lab.forensics.traced import STORE, Trace, strace, traced
from lab.forensics.visitor import Address, Held, Visitor
from tests.tipline.processes import eventually
from tests.tipline.served import ServedFolder, raw
from tests.tipline.site_stage import Upload

TIPLINE = "import sys; from tipline.cli import main; sys.exit(main())"
TEXT = "canary-0c5d11-text"


def test_the_web_process_and_its_watcher_write_to_the_store_only_while_sources_and_couriers_do_all_of_this(
    tmp_path: Path,
) -> None:
    served = ServedFolder(tmp_path / "site")
    courier = tmp_path / "courier"
    with served.web(courier=courier) as web, traced(web, tmp_path / "trace"):
        address = Address("127.0.0.1", web.port or 0)
        visitor = Visitor(address)
        visitor.get("/")
        fields = [("nonce", visitor.hidden("nonce")), ("text", TEXT)]
        visitor.upload("/", fields, [Upload(f"{TEXT}.bin", TEXT.encode() * 400_000)])
        words = visitor.words()
        keys = open_mailbox(Passphrase.parse(" ".join(words)), by=served.organisation.derivation)
        visitor.post("/kept", [("nonce", visitor.hidden("nonce", form="/kept"))])
        outbox = served.outbox((TEXT, keys), ("another", keys))
        head = f"POST /outbox HTTP/1.1\r\nHost: courier\r\nContent-Length: {len(outbox)}\r\n\r\n".encode()
        assert raw(courier, head + outbox).startswith(b"HTTP/1.1 200 ")
        visitor.post("/mailbox", [("passphrase", " ".join(words))])
        assert TEXT in visitor.page
        form = visitor.hidden("nonce", form="/mailbox/write"), visitor.hidden("nonce", form="/mailbox/delete")
        visitor.upload("/mailbox/write", [("nonce", form[0]), ("text", TEXT)])
        visitor.post("/mailbox/delete", [("nonce", form[1]), ("which", "all")])
        visitor.get("/left")
        send_beside(address)
        assert raw(courier, b"GET /bundles HTTP/1.1\r\nHost: courier\r\n\r\n").startswith(b"HTTP/1.1 200 ")
    trace = Trace(tmp_path / "trace")
    site = served.folder.store
    store = {str(site / name) for name in STORE}
    assert trace.written, "the trace saw no write at all"
    assert trace.written <= store
    # The ballast and the lock are made or held, and nothing is written to them.
    assert trace.opened_to_write <= store | {str(site / "ballast"), str(site / "import.lock")}
    assert trace.made == []
    assert not trace.connected
    assert "canary" not in trace.to_files
    assert " ".join(words) not in trace.to_files


def send_beside(address: Address) -> None:
    """From the page for files, whose frame counts in the middle; then its receipt."""
    visitor, frame = Visitor(address), Visitor(address)
    visitor.get("/files")
    found = re.search(r'action="(/files/send\?upload=(\w+))"', visitor.page)
    assert found is not None
    fields = [(name, visitor.hidden(name, form="/files/send")) for name in ("nonce", "handle")]
    upload = Held(visitor, found[1], [*fields, ("text", TEXT)], f"{TEXT}.bin", TEXT.encode() * 50_000, 4)
    try:
        upload.await_middle()
        # Loopback takes what no one has read yet.
        assert eventually(lambda: "MB" in frame.get(f"/files/progress?upload={found[2]}&looks=0"))
    finally:
        upload.end()
    visitor.post("/files/receipt", [("nonce", visitor.hidden("nonce", form="/files/receipt"))])
    assert len(visitor.words()) == 8


def test_the_command_that_takes_in_replies_writes_to_the_store_only(tmp_path: Path) -> None:
    served = ServedFolder(tmp_path / "site")
    keys = open_mailbox(Passphrase.generate(), by=served.organisation.derivation)
    (tmp_path / "outbox").write_bytes(served.outbox((TEXT, keys)))
    command = [sys.executable, "-B", "-c", TIPLINE, "import", served.folder.path, tmp_path / "outbox"]
    subprocess.run(
        [*strace(tmp_path / "trace"), *map(str, command), "--passphrase-file", str(served.passphrase_file)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    trace = Trace(tmp_path / "trace")
    store = {str(served.folder.store / name) for name in STORE}
    assert trace.written, "the trace saw no write at all"
    assert trace.written <= store
    assert trace.opened_to_write <= store | {str(served.folder.store / "import.lock")}
    assert all(" execve(" in call for call in trace.made), "the command itself, and nothing else"
    assert not trace.connected


# What a careless library would do, inside of the web process: each in its own way around the first one.
TRIES = """
import ctypes, gzip, io, logging, mmap, os, shelve, shutil, sqlite3, sys, tempfile
from pathlib import Path
folder = Path(sys.argv[1])
(folder / "old").write_bytes(b"x" * 100)
from tipline.machine.no_plaintext import PlaintextRisk, refuse_writes, stay_in_memory
stay_in_memory()
refuse_writes(allowed_beside=folder)

def spooled():
    from werkzeug.formparser import default_stream_factory
    stream = default_stream_factory(10_000_000, "text/plain", "name")
    stream.write(b"secret" * 200_000)

def rolled_over():
    file = tempfile.SpooledTemporaryFile(max_size=10)
    file.write(b"secret" * 10)

def another_folder():
    tempfile.tempdir = str(folder)
    tempfile.NamedTemporaryFile()

def back_to_default():
    tempfile.tempdir = None
    os.environ["TMPDIR"] = str(folder)
    tempfile.TemporaryFile()

def program():
    from multiprocessing.util import spawnv_passfds
    os.waitpid(spawnv_passfds(b"/bin/touch", [b"touch", os.fsencode(folder / "touched")], []), 0)

def history():
    import readline
    readline.add_history("secret")
    readline.write_history_file(str(folder / "history"))

def another_interpreter():
    try:
        import _xxsubinterpreters as interpreters
    except ImportError:
        import _interpreters as interpreters
    interpreters.run_string(interpreters.create(), f"open({str(folder / 'other')!r}, 'w')")

def system_log():
    import syslog
    syslog.syslog("secret")

def keys_of_connections():
    import ssl
    ssl.create_default_context().keylog_filename = str(folder / "keys")

tries = {
    "a form parser": spooled,
    "a spooled file": rolled_over,
    "another temporary folder": another_folder,
    "the default folder again": back_to_default,
    "a log file": lambda: logging.FileHandler(folder / "log").emit(logging.makeLogRecord({"msg": "secret"})),
    "a compressed file": lambda: gzip.open(folder / "new.gz", "wb"),
    "a copy": lambda: shutil.copyfile(folder / "old", folder / "copy"),
    "an open file opened again": lambda: io.FileIO(str(folder / "old"), "r+"),
    "a folder that is given": lambda: os.open("new", os.O_WRONLY | os.O_CREAT, dir_fd=os.open(folder, os.O_RDONLY)),
    "a database": lambda: sqlite3.connect(folder / "new.db").execute("CREATE TABLE t (x)"),
    "a new name": lambda: os.rename(folder / "old", folder / "new"),
    "a link": lambda: os.link(folder / "old", folder / "new"),
    "a link of the other kind": lambda: os.symlink("secret", folder / "new"),
    "a file made longer": lambda: os.truncate(folder / "old", 200),
    "a folder": lambda: os.mkdir(folder / "secret"),
    "a pipe": lambda: os.mkfifo(folder / "pipe"),
    "a node": lambda: os.mknod(folder / "node"),
    "a program": program,
    "the history of a terminal": history,
    "another interpreter": another_interpreter,
    "the system's log": system_log,
    "keys of connections": keys_of_connections,
}
for name, attempt in tries.items():
    try:
        attempt()
        print("done:", name)
    except (PlaintextRisk, OSError, ImportError, sqlite3.Error) as error:
        pass
"""


def test_no_library_can_write_to_a_file_in_the_web_process(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", TRIES, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout == ""
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
