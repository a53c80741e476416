"""A running `tipline serve`, and what it says."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.tipline.processes import children_of, eventually
from tests.tipline.served import ServedFolder

TIPLINE = [sys.executable, "-c", "import sys; from tipline.cli import main; sys.exit(main())"]


OFF = ("--tor", "off", "--bind", "127.0.0.1:0")


class Serving:
    """A running `tipline serve`, and what it has said."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self.process = process
        self._folder = folder

    def said(self) -> str:
        return (self._folder / "out").read_text() + (self._folder / "err").read_text()

    def await_said(self, pattern: str) -> "re.Match[str]":
        found: list[re.Match[str]] = []

        def look() -> bool:
            assert self.process.poll() is None, self.said()
            match = re.search(pattern, self.said(), re.MULTILINE)
            if match:
                found.append(match)
            return bool(match)

        assert eventually(look, seconds=90), self.said()
        return found[0]

    def children(self) -> list[int]:
        return children_of(self.process.pid)

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def serving_process(
    served: ServedFolder,
    folder: Path,
    *options: str,
    passphrase: bool = True,
    program: Sequence[str] = TIPLINE,
) -> Iterator[Serving]:
    folder.mkdir(exist_ok=True)
    with open(folder / "out", "w") as out, open(folder / "err", "w") as err:
        process = subprocess.Popen(
            [
                *program,
                "serve",
                str(served.folder.path),
                *(["--passphrase-file", str(served.passphrase_file)] if passphrase else []),
                *options,
            ],
            stdout=out,
            stderr=err,
            text=True,
        )
    with process:
        try:
            yield Serving(process, folder)
        finally:
            if process.poll() is None:
                process.terminate()


def tipline(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TIPLINE, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=240
    )
