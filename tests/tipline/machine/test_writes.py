"""No library can write to a file in the web process. ``lab/tipline`` follows every write of the whole server."""

import subprocess
import sys
from pathlib import Path

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
