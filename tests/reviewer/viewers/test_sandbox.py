"""A viewer that was taken over reaches no file, key, socket or process, and its limits end it by name."""

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from reviewer.clean_copy.children import Children, CutShort, MemoryFile
from reviewer.clean_copy.limits import LOOK_MEMORY_BYTES
from reviewer.errors import CannotLook
from reviewer.viewers.look_kind import LARGEST_LOOK_BYTES, OWN, VIEWERS, LookKind, viewer_of
from reviewer.viewers.sandbox import Inside, Sandbox
from reviewer.viewers.viewing import See, output, picture
from tests.reviewer.clean_copy import photos
from tests.reviewer.viewers.stand_in import (
    DONE,
    LIKE_LIBREOFFICE,
    REFUSED,
    STAND_IN,
    limited,
    outside,
    program,
    shut_in,
)

ATTEMPTS = {
    "read a key": "open({folder!r} + '/key').read()",
    "list the home": "os.listdir({folder!r})",
    "write a file": "open({folder!r} + '/new', 'w')",
    "read the environment of the program that holds keys": "open('/proc/%d/environ' % {process}).read()",
    "see another process": "os.stat('/proc/%d' % {process})",
    "signal another process": "os.kill({process}, 0)",
    "look into the memory of a process": "peek({process})",
    "open a network socket": "socket.socket(socket.AF_INET)",
    "connect to a program by its file": "socket.socket(socket.AF_UNIX).connect({folder!r} + '/door')",
    "connect to a program by its name": "socket.socket(socket.AF_UNIX).connect('\\0' + {name!r})",
    "start a process": "os._exit(0) if os.fork() == 0 else os.wait()",
    "start a process through the C library": "os.posix_spawn(sys.executable, [sys.executable, '-V'], {{}})",
    "read the list of users": "open('/etc/passwd').read()",
    "take 512 MB of memory": "bytearray(512 << 20)",
    "write 4 MB": "open('scratch', 'wb', 0).write(bytes(4 << 20)) == 4 << 20 or refused()",
    "fill a folder with small files": "[open('f%d' % n, 'wb').write(bytes(1 << 19)) for n in range(8)]",
}
ONLY_AS_ROOT = {
    "make a name space": "libc.unshare(0x10000000) and refused()",
    "mount a folder": "libc.mount(None, b'/memory', b'tmpfs', 0, None) and refused()",
}
CODE = """
import ctypes, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
class Vector(ctypes.Structure):
    _fields_ = (("at", ctypes.c_void_p), ("length", ctypes.c_size_t))
def refused():
    raise PermissionError
def peek(process):
    here = ctypes.create_string_buffer(8)
    one = Vector(ctypes.addressof(here), 8)
    done = libc.process_vm_readv(process, ctypes.byref(one), 1, ctypes.byref(one), 1, 0)
    if done < 0 and ctypes.get_errno() != 14:
        refused()
try:
    {attempt}
except (OSError, MemoryError):
    os._exit(7)
os._exit(0)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "key").write_text("a key", encoding="ascii")
    return tmp_path


def code_of(attempt: str, folder: Path) -> str:
    filled = attempt.format(folder=str(folder), process=os.getpid(), name=f"door-{os.getpid()}")
    return CODE.replace("{attempt}", filled)


@pytest.mark.parametrize("inside", [None, LIKE_LIBREOFFICE], ids=["a viewer", "LibreOffice"])
@pytest.mark.parametrize("what", ATTEMPTS)
def test_a_viewer_that_was_taken_over_cannot(what: str, inside: Inside | None, folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as door, socket.socket(socket.AF_UNIX) as named:
        door.bind(str(folder / "door"))
        door.listen()
        named.bind(f"\0door-{os.getpid()}")
        named.listen()
        code = code_of(ATTEMPTS[what], folder)
        assert shut_in(code, inside=inside) == REFUSED
        assert outside(code, folder) == DONE, "without the sandbox it can"
    assert (folder / "key").read_text(encoding="ascii") == "a key"


@pytest.mark.parametrize("what", ONLY_AS_ROOT)
def test_a_viewer_that_was_taken_over_gets_no_new_rights(what: str, folder: Path) -> None:
    assert shut_in(code_of(ONLY_AS_ROOT[what], folder)) == REFUSED


def test_a_viewer_finds_programs_fonts_the_file_and_a_folder_in_memory_and_nothing_else() -> None:
    code = (
        "import os, sys\n"
        "assert set(os.listdir('/')) <= {'usr','bin','lib','lib64','etc','dev','var','tmp','memory','file'}\n"
        "assert set(os.listdir('/dev')) == {'null', 'urandom'}\n"
        "assert set(os.listdir('/etc')) <= {'ld.so.cache', 'alternatives', 'fonts', 'libreoffice'}\n"
        "assert open('/file', 'rb').read() == b'a file of a source'\n"
        "assert not set(os.environ) - set(sys.argv[1:])\n"
        "for path in ('/new', '/usr/bin/new', '/dev/new', '/etc/new', '/file'):\n"
        "    try:\n"
        "        open(path, 'wb')\n"
        "    except OSError:\n"
        "        continue\n"
        "    raise AssertionError(path)\n"
    )
    known = ["PATH", "HOME", "LANG", "LC_CTYPE", "MALLOC_ARENA_MAX", "SAL_USE_VCLPLUGIN", "PWD"]
    assert shut_in(code.replace("sys.argv[1:]", repr(known))) == DONE


def refusal(code: str, **limits: int) -> str:
    with MemoryFile(b"a file") as file, pytest.raises(CannotLook) as refused:
        output(program(code), limited(**limits), file, children=Children())
    return str(refused.value)


def test_a_viewer_that_needs_too_long_is_ended_and_the_limit_is_named() -> None:
    assert refusal("while True: pass", seconds=1) == "the viewer was ended after 1 seconds of processor time"


def test_a_viewer_that_waits_for_ever_is_ended_and_the_limit_is_named() -> None:
    assert refusal("import time; time.sleep(600)", wait_seconds=1) == "the viewer was ended after 1 seconds"


def test_a_viewer_that_writes_too_much_is_ended_and_the_limit_is_named() -> None:
    code = "import os, signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL)\nwhile True: os.write(1, bytes(65536))"
    assert refusal(code, written_bytes=2 << 20) == "the viewer was ended at 2 MB of output"


def test_a_viewer_that_needs_too_much_memory_fails_and_the_limit_is_named() -> None:
    assert "needs more than the viewer may use (20 seconds, 257 MB of memory)" in refusal("bytearray(400 << 20)")


NO_PIXELS = {
    "nothing": b"",
    "a whole JPEG": photos.jpeg(),
    "a PNG": photos.encoded(photos.board(), "PNG"),
    "too few pixels": b"P6\n100 100\n255\n" + bytes(3000),
    "more behind its pixels": b"P6\n2 2\n255\n" + bytes(13),
    "more pixels than any picture has": b"P6\n99999 99999\n255\n" + bytes(1000),
    "a size that is no number": b"P6\n-2 2\n255\n" + bytes(12),
    "two bytes for each colour": b"P6\n2 2\n65535\n" + bytes(24),
}


@pytest.mark.parametrize("what", NO_PIXELS)
def test_what_a_viewer_gives_in_place_of_pixels_is_shown_nowhere(what: str) -> None:
    code = f"import os; os.write(1, {NO_PIXELS[what]!r})"
    with MemoryFile(b"a file") as file, pytest.raises(CannotLook):
        picture(program(code), STAND_IN, file, see=See.COLOUR, children=Children())


def test_pixels_of_a_viewer_become_a_picture_of_ours() -> None:
    code = "import os; os.write(1, b'P6\\n2 1\\n255\\n' + bytes([255, 0, 0, 0, 0, 255]))"
    with MemoryFile(b"a file") as file:
        made = picture(program(code), STAND_IN, file, see=See.COLOUR, children=Children())
    assert made.startswith(b"\x89PNG")


def test_ending_the_children_ends_a_viewer_and_all_that_it_is() -> None:
    mark = f"mark-{os.getpid()}"
    children = Children()
    with MemoryFile(b"a file") as file, MemoryFile() as out:
        code = f"'{mark}'; import time; print(1, flush=True); time.sleep(600)"
        with (
            Sandbox(program(code), file=file, limits=STAND_IN.limits) as box,
            children.command(box.command, stdin=None, stdout=out.writer, pass_fds=box.pass_fds) as viewer,
        ):
            while not out.content():
                assert viewer.poll() is None
            assert running(mark)
            children.end()
            with pytest.raises(CutShort):
                children.endings(viewer)
    while running(mark):
        pass
    assert children.process_ids() == []


def running(mark: str) -> list[Path]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "cmdline").read_text(errors="replace"):
                found.append(process)
        except OSError:
            continue
    return found


def test_a_viewer_that_is_not_installed_is_named_with_what_it_opens_and_its_package(tmp_path: Path) -> None:
    missing = replace(STAND_IN, opens="pictures of birds", program=str(tmp_path / "no-program"))
    with MemoryFile(b"a file") as file, pytest.raises(CannotLook) as refused:
        output(program(""), missing, file, children=Children())
    assert "opens pictures of birds is not installed" in str(refused.value)
    assert "a-package-of-nothing" in refused.value.hint


def test_every_viewer_has_limits_below_those_that_are_promised() -> None:
    for viewer in VIEWERS:
        most = 1_000 if "LibreOffice" in viewer.opens else 500
        # A program of Debian gets a copy of the file in memory.
        file_bytes = LARGEST_LOOK_BYTES if viewer.program else 0
        used_bytes = viewer.limits.memory_bytes + viewer.limits.scratch_bytes + file_bytes
        assert used_bytes < most * 1_000_000, viewer.opens
    assert viewer_of(LookKind.PDF) is not None
    assert OWN.limits.memory_bytes == LOOK_MEMORY_BYTES
