"""The system calls by which a program of the server could write somewhere, as strace tells them."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lab.forensics.visitor import Address, Visitor
from tests.tipline.processes import ended_after
from tipline.supervisor.web_process import WebProcess

_CALLS: Final = (
    "open,openat,openat2,creat,memfd_create,memfd_secret,mknod,mknodat,mkdir,mkdirat,rename,renameat,renameat2,link,"
    "linkat,symlink,symlinkat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,sendfile,splice,copy_file_range,"
    "truncate,setxattr,lsetxattr,fsetxattr,vmsplice,tee,io_uring_setup,mq_open,open_by_handle_at,bind,execve,execveat,connect,fsync,fdatasync,sendto,sendmsg"
)
_CHANGES: Final = {"write", "pwrite64", "writev", "pwritev", "pwritev2", "ftruncate"}
_MAKES_DURABLE: Final = {"fsync", "fdatasync"}
_SENDS: Final = {"sendto", "sendmsg", "write", "writev"}
_CALL: Final = re.compile(r"(\d+) +(\w+)\(\d+<([^>]*)>")
_RESUMED: Final = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>")
_WHOLE_STRINGS_BYTES: Final = 65536
STORE: Final = ("tipline.db", "tipline.db-wal", "tipline.db-shm", "bulk.db", "bulk.db-journal")


def strace(out: Path, *, string_bytes: int = _WHOLE_STRINGS_BYTES) -> list[str]:
    """The beginning of a command that is to be traced into a file, with so much of each string."""
    return ["strace", "-f", "-qq", "-y", "-s", str(string_bytes), "-o", str(out), "-e", f"trace={_CALLS}"]


@contextmanager
def traced(web: WebProcess, out: Path, *, string_bytes: int = _WHOLE_STRINGS_BYTES) -> Iterator[None]:
    """All calls of the process that receives, and of the one that watches it, while the block lasts."""
    worker = Path(f"/proc/{web.process_id}/task/{web.process_id}/children").read_text().split()[0]
    command = [*strace(out, string_bytes=string_bytes), "-p", str(web.process_id), "-p", worker]
    with ended_after(subprocess.Popen(command, stderr=subprocess.PIPE)) as tracer:
        visitor = Visitor(Address("127.0.0.1", web.port or 0))
        while not out.exists() or not out.stat().st_size:
            visitor.get("/left")
            assert tracer.poll() is None
        assert {_tracer_of(web.process_id), _tracer_of(int(worker))} == {tracer.pid}
        yield


def _tracer_of(process: int) -> int:
    """0 where no one traces it."""
    (line,) = re.findall(r"^TracerPid:\t(\d+)$", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    return int(line)


class Trace:
    """The calls that were traced."""

    def __init__(self, path: Path) -> None:
        self._text = path.read_text(errors="replace")

    @property
    def written(self) -> set[str]:
        """Files that something was written to; a path in angle brackets begins with a slash."""
        calls = r"^\d+ +(?:write|pwrite64|writev|pwritev2?)\(\d+<(/[^>]*)>"
        return set(re.findall(calls, self._text, re.MULTILINE)) - {"/dev/null"}

    @property
    def opened_to_write(self) -> set[str]:
        flags = r"(?:O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE)"
        calls = rf'^\d+ +open(?:at2?)?\(.*?"([^"]*)", [^)]*{flags}'
        return set(re.findall(calls, self._text, re.MULTILINE)) - {"/dev/null"}

    @property
    def made(self) -> list[str]:
        """Calls that make or name a file, start a program, or copy past it."""
        never = (
            "creat|memfd_create|memfd_secret|mknod|mkdir|rename|link|symlink|execve|sendfile|splice|copy_file_range|"
            "truncate|[lf]?setxattr|vmsplice|tee|io_uring_setup|mq_open|open_by_handle_at|bind"
        )
        return re.findall(rf"^\d+ +(?:{never})(?:at2?)?\(.*", self._text, re.MULTILINE)

    @property
    def connected(self) -> bool:
        return "connect(" in self._text

    @property
    def to_files(self) -> str:
        """The calls that have to do with a file, with what they wrote; a page that was sent has "</" in it too."""
        sent = re.compile(r"\d+ +\w+\(\d+<[^/]")
        return "".join(line for line in self._text.splitlines() if "</" in line and not sent.match(line))

    def not_durable_at(self, mark: str) -> list[set[str]]:
        """For each answer with ``mark``: files that had changed since they were last made durable, when its first
        byte left. What was written while a file was being made durable counts as not durable."""
        changed: dict[str, int] = {}
        durable: dict[str, int] = {}
        at_head: dict[str, set[str]] = {}
        found = []
        for number, call, path, begun, line in self._calls():
            if call in _CHANGES and path.startswith("/"):
                changed[path] = number
            elif call in _MAKES_DURABLE and line.endswith("= 0"):
                durable[path] = begun
            elif call in _SENDS and path.startswith("socket:"):
                if '"HTTP/1.1 ' in line:
                    at_head[path] = {name for name, when in changed.items() if when > durable.get(name, -1)}
                if mark in line:
                    found.append(at_head.pop(path))
        return found

    def _calls(self) -> Iterator[tuple[int, str, str, int, str]]:
        """Line number, call, file, the line on which it began, and the line: where another thread comes in between,
        a call stands on two lines, and is told twice."""
        unfinished: dict[str, tuple[str, int]] = {}
        for number, line in enumerate(self._text.splitlines()):
            if begun := _CALL.match(line):
                thread, call, path = begun.groups()
                if line.endswith("<unfinished ...>"):
                    unfinished[thread] = path, number
                yield number, call, path, number, line
            elif resumed := _RESUMED.match(line):
                thread, call = resumed.groups()
                if thread in unfinished:
                    yield number, call, *unfinished.pop(thread), line
