"""A decoder of a hostile file can do nothing else; without that confinement nothing is decoded."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.clean_copy.children import Children, CutShort
from reviewer.clean_copy.redraw import kinds_of
from tests.reviewer.clean_copy import photos

ATTEMPTS = {
    "read a file": "open({folder!r} + '/kept').read()",
    "write a file": "open({folder!r} + '/new', 'w')",
    "write over a file": "os.truncate({folder!r} + '/kept', 0)",
    "remove a file": "os.unlink({folder!r} + '/kept')",
    "change the rights of a file": "os.chmod({folder!r} + '/kept', 0o777)",
    "list a folder": "os.listdir({folder!r})",
    "start a program": "os.execv(sys.executable, [sys.executable, '-c', 'pass'])",
    "make a process": "os._exit(os.EX_OK) if os.fork() == 0 else None",
    "connect to a program on this machine": "socket.socket(socket.AF_UNIX).connect({folder!r} + '/door')",
    "open a socket": "socket.socket()",
    "send a signal to the program that holds keys": "os.kill(os.getppid(), 0)",
    "look into the memory of a process": "peek(os.getpid())",
    "take more memory than it may": "mmap.mmap(-1, 3 << 30, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ)",
    "write to an open file more than it may": "os.write(kept, b'x')",
}
LOOK_INTO_FILES = (
    *map(
        "reviewer.clean_copy.{}".format,
        ["decoder", "encoder", "fingerprinter", "looker", "file_kind", "traces", "notes", "bare"],
    ),
    *map("reviewer.viewers.{}".format, ["sorter", "reader", "mail_text", "archive_list", "text_bytes"]),
    *map("reviewer.viewers.{}".format, ["noter", "office_notes", "old_office_notes", "mail_notes", "packed_notes"]),
)
CODE = """
import ctypes, json, mmap, os, pathlib, socket, sys
from reviewer.clean_copy.shut_in import shut_in
folder, is_shut_in, attempts = json.loads(sys.stdin.read())
kept_file, new_file = pathlib.Path(folder, "kept"), pathlib.Path(folder, "new")
class Vector(ctypes.Structure):
    _fields_ = (("at", ctypes.c_void_p), ("length", ctypes.c_size_t))
def peek(process):
    here = ctypes.create_string_buffer(8)
    one = Vector(ctypes.addressof(here), 8)
    if ctypes.CDLL(None).process_vm_readv(process, ctypes.byref(one), 1, ctypes.byref(one), 1, 0) < 0:
        raise PermissionError
def attempted(attempt):
    kept = os.open(kept_file, os.O_WRONLY | os.O_APPEND)
    if is_shut_in:
        shut_in(written_bytes=0)
    try:
        exec(attempt)
    except (OSError, MemoryError):
        os._exit(7)
    os._exit(0)
def outcome(attempt):
    kept_file.write_text("a key")
    new_file.unlink(missing_ok=True)
    process = os.fork()
    if not process:
        try:
            attempted(attempt)
        finally:
            os._exit(9)
    _process, status = os.waitpid(process, 0)
    unharmed = kept_file.exists() and kept_file.read_text() == "a key" and not new_file.exists()
    return os.waitstatus_to_exitcode(status), unharmed
print(json.dumps([outcome(attempt) for attempt in attempts]))
"""
Outcome = tuple[int, bool]
"""The exit code of the process that tried it, and if the folder is as before."""


def attempted(folder: Path, *, is_shut_in: bool) -> dict[str, Outcome]:
    """By the name of each attempt, made in a process of its own; one program starts them all."""
    here = str(folder)
    attempts = [attempt.replace("{folder!r}", repr(here)) for attempt in ATTEMPTS.values()]
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(f"{here}/door")
        door.listen()
        done = subprocess.run(
            [sys.executable, "-c", CODE],
            input=json.dumps([here, is_shut_in, attempts]),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    return dict(zip(ATTEMPTS, map(tuple, json.loads(done.stdout)), strict=True))


@pytest.fixture(scope="module")
def shut_in(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    return attempted(tmp_path_factory.mktemp("shut-in"), is_shut_in=True)


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    return attempted(tmp_path_factory.mktemp("free"), is_shut_in=False)


@pytest.mark.parametrize("what", ATTEMPTS)
def test_shut_in_it_cannot(what: str, shut_in: dict[str, Outcome]) -> None:
    assert shut_in[what] == (7, True)


@pytest.mark.parametrize("what", ATTEMPTS)
def test_and_it_could_before(what: str, free: dict[str, Outcome]) -> None:
    assert free[what][0] == 0


def test_where_the_kernel_does_not_shut_it_in_nothing_is_decoded(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(photos.jpeg())
    # A machine of another kind, as the kernel tells those that ask to be taken for one of 32 bits.
    code = (
        "import ctypes, pathlib, sys\n"
        "from reviewer.clean_copy.children import Children\n"
        "from reviewer.clean_copy.redraw import kinds_of, redraw\n"
        "from reviewer.clean_copy.picture_kind import PictureKind\n"
        "from reviewer.errors import NoCleanCopy, ProgramError\n"
        "photo = pathlib.Path(sys.argv[1]).read_bytes()\n"
        "tasks = {\n"
        "    'kinds': lambda: kinds_of([photo], children=Children()),\n"
        "    'draw': lambda: redraw(photo, PictureKind.JPEG, children=Children()),\n"
        "}\n"
        "ctypes.CDLL(None).personality(8)\n"
        "try:\n"
        "    tasks[sys.argv[2]]()\n"
        "except NoCleanCopy:\n"
        "    sys.exit(1)\n"
        "except ProgramError as error:\n"
        "    sys.exit(7 if 'does not shut in' in str(error) else 2)\n"
    )
    for task in ("kinds", "draw"):
        done = subprocess.run([sys.executable, "-c", code, tmp_path / "photo", task], check=False, timeout=60)
        assert done.returncode == 7


def test_one_that_never_ends_is_ended_by_the_kernel() -> None:
    code = (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n"  # a harder limit than ours is kept
        "from reviewer.clean_copy.shut_in import shut_in\n"
        "shut_in(written_bytes=0)\n"
        "while True:\n    pass\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert done.returncode < 0


def test_after_they_were_ended_no_process_looks_at_a_file() -> None:
    children = Children()
    children.end()
    with pytest.raises(CutShort):
        kinds_of([photos.jpeg()], children=children)
    assert children.process_ids() == []


def test_one_that_ended_and_was_reaped_by_another_thread_is_not_waited_for() -> None:
    children = Children()
    with children.command(["true"], stdin=None, stdout=subprocess.DEVNULL) as child:
        os.waitpid(child.pid, 0)
        assert len(children.endings(child)) == 1


def test_the_program_that_holds_keys_loads_nothing_that_looks_into_a_file() -> None:
    code = (
        "import importlib, pkgutil, sys\n"
        "import reviewer\n"
        "for module in pkgutil.walk_packages(reviewer.__path__, 'reviewer.'):\n"
        "    if module.name not in sys.argv[1:]:\n"
        "        importlib.import_module(module.name)\n"
        "assert 'reviewer.clean_copy.redraw' in sys.modules\n"
        "print('\\n'.join(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *LOOK_INTO_FILES, "reviewer.leaving.report_drawer"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    loaded = set(done.stdout.split())
    assert not loaded & set(LOOK_INTO_FILES)
    assert not {name.partition(".")[0] for name in loaded} & {"PIL", "fpdf", "uharfbuzz"}


def test_no_picture_is_written_to_a_disk_on_its_way(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(photos.jpeg())
    code = (
        "import os, pathlib, sys\n"
        "from reviewer.clean_copy.children import Children\n"
        "from reviewer.clean_copy.redraw import kinds_of, redraw\n"
        "photo = pathlib.Path(sys.argv[1]).read_bytes()\n"
        "def watch(event, arguments):\n"
        "    if event == 'open' and isinstance(arguments[0], str) and arguments[2] & (os.O_WRONLY | os.O_RDWR):\n"
        "        print(arguments[0])\n"
        "sys.addaudithook(watch)\n"
        "(kind,) = kinds_of([photo], children=Children())\n"
        "redraw(photo, kind, children=Children())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "photo"], check=True, capture_output=True, text=True, timeout=60
    )
    assert set(done.stdout.split()) <= {os.devnull}
