"""The entry point of the web process: secures the process, then serves.

Modules in C that write to a disk by themselves are barred before a library can load one. Which library loads what
changes with each version of Python: from 3.13 on its debugger, which Flask loads through click, loads ``readline``.
"""

import os
import resource
import signal
import sys

from system.errors import ProgramError
from tipline.machine import no_plaintext
from tipline.machine.privileges import drop_privileges


def main() -> int:
    """Read the order, secure the process, and serve until a signal; 1 where it cannot start."""
    no_plaintext.bar_silent_writers()
    from tipline.web.application import WebApplication, tell  # only now: it loads the web server
    from tipline.web.order import WebOrder

    order = WebOrder.read(sys.stdin.buffer)
    try:
        no_plaintext.die_with_parent(signal.SIGTERM)
        if os.getppid() != order.parent:
            return 1  # it ended before the kernel was asked
        drop_privileges()
        no_plaintext.stay_in_memory()
        _raise_file_limit(order.room.open_files)
        application = WebApplication(order)
    except ProgramError as error:
        tell(error=str(error), hint=error.hint)
        return 1
    application.run()
    return 0


def _raise_file_limit(open_files: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < open_files:
        raise ProgramError(
            f"this process may open {hard} files, and needs {open_files}",
            hint="LimitNOFILE=16384 in the systemd unit",
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, open_files), hard))


if __name__ == "__main__":
    sys.exit(main())
