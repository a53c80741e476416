"""A folder for sockets, with a path short enough for the kernel."""

import os
import shutil
import tempfile
from pathlib import Path

from onion.private_file import SOCKET_PATH_LIMIT_BYTES, private_folder

_LONGEST_NAME = 28  # room for "/name.socket" under the folder
LONGEST_BYTES = SOCKET_PATH_LIMIT_BYTES - _LONGEST_NAME
"""Of a preferred folder that can be had."""


class RuntimeDir:
    """`preferred` itself if its path is short enough, else a throw-away folder 0700. Close it."""

    def __init__(self, preferred: Path) -> None:
        text = str(preferred)
        self._throw_away = len(os.fsencode(text)) > LONGEST_BYTES or any(
            sign.isspace() or sign == '"' for sign in text
        )
        if self._throw_away:
            self.path = Path(tempfile.mkdtemp(prefix="tl-", dir=_short_parent()))
        else:
            self.path = private_folder(preferred)

    def close(self) -> None:
        if self._throw_away:
            shutil.rmtree(self.path, ignore_errors=True)

    def __enter__(self) -> "RuntimeDir":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _short_parent() -> str:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    for folder in (runtime, "/run", "/tmp"):  # noqa: S108 - mkdtemp makes a fresh 0700 folder in it
        if folder and len(folder) < 40 and os.access(folder, os.W_OK | os.X_OK):
            return folder
    return tempfile.gettempdir()
