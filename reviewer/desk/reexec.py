"""Replaces a locked desk by a new program in the same process, so that its memory is freed.

Python does not overwrite freed memory: tips, answers and the home's key would stay in the memory of a locked desk
for hours. The state for the next program (:class:`LockedSession`) is passed in memory that only these two have
open. It is in no argument and no environment variable, where others could read it. The socket is passed on too, so
that requests in between are answered later.
"""

import json
import os
import signal
import socket
import sys
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from reviewer.desk.locked_session import LockedSession
from reviewer.desk.page import Look
from reviewer.desk.session import DeskSession
from reviewer.machine.airgap import refuse_connections
from reviewer.terminal.console import notice
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import passed_seconds
from system.errors import ProgramError
from system.memory import keep_memory_private
from system.signals import ENDING, ended_in_order
from system.terminal import escape_what_the_terminal_lacks, fill_closed_streams


def reexecute(left: LockedSession, *, look: Look, listening: socket.socket) -> NoReturn:
    """Replace this program, with all of its memory and threads.

    Raises:
        ProgramError: the system does not do it; the program has to end then, and its memory with it.
    """
    try:
        handed = os.memfd_create("desk")
    except OSError as error:
        raise _refused() from error
    try:
        with open(handed, "w", encoding="ascii", closefd=False) as file:
            json.dump({"left": asdict(left), "look": look.value, "listening": listening.fileno()}, file)
        os.lseek(handed, 0, os.SEEK_SET)
        for descriptor in (handed, listening.fileno()):
            os.set_inheritable(descriptor, True)
        # One that comes while nothing is ready to end in order waits until it is.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        os.execv(sys.executable, [sys.executable, "-P", "-m", __name__, str(handed)])  # noqa: S606 -- ourselves
    except OSError as error:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        os.close(handed)
        raise _refused() from error


def _refused() -> ProgramError:
    return ProgramError(
        "the desk was locked and has ended: the system gave it no fresh memory", hint="start it again"
    )


def main(argv: list[str]) -> int:
    """The new program; its one argument is the number of the open memory."""
    from reviewer.desk.server import serve_at

    fill_closed_streams()
    refuse_connections()
    keep_memory_private()
    escape_what_the_terminal_lacks(sys.stdout, sys.stderr)
    with ended_in_order():
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
            with open(int(argv[0]), encoding="ascii") as file:
                handed = json.load(file)
            left = LockedSession(**handed["left"])
            desk_session = DeskSession(
                Path(left.folder),
                entry=SecretEntry(None),
                idle_seconds=left.idle_seconds,
                clock=passed_seconds,
                left=left,
            )
            with socket.socket(fileno=handed["listening"]) as listening:
                listening.set_inheritable(False)
                try:
                    serve_at(listening, desk_session, look=Look(handed["look"]))
                finally:
                    desk_session.close()
        except KeyboardInterrupt:
            notice("hint", "stopped")
        except ProgramError as error:
            notice("error", str(error))
            notice("hint", error.hint)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
