"""Makes the journal files in `lab/forensics/journals` again: `python -m lab.forensics.make_journals`, as root.

systemd's own journald writes them, in name spaces of its own: one for each way in which it packs a long field.
"""

import lzma
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "journals"
PACKED: Final = ("ZSTD", "LZ4", "XZ")
CANARY: Final = "canary-1b7e9c5a"
_JOURNALD: Final = "/lib/systemd/systemd-journald"
_SETTINGS: Final = "[Journal]\nReadKMsg=no\nAudit=\n"
_RUN: Final = Path("/run")
_SOCKET: Final = _RUN / "systemd/journal/socket"
_MACHINE_ID: Final = "0123456789abcdef0123456789abcdef\n"


def long_field() -> str:
    """So long that it is packed, and so alike to itself that no packed form has the canary in one piece."""
    parts = [CANARY[:begin] + "~" + CANARY[begin:] for begin in range(1, len(CANARY))]
    return " ".join(parts * 20) + f" {CANARY} " + " ".join(parts)


def main() -> None:
    """Start itself once for each, where no one else sees what is mounted."""
    if len(sys.argv) == 1:
        for packed in PACKED:
            subprocess.run(
                ["unshare", "--mount", "--uts", sys.executable, "-m", "lab.forensics.make_journals", packed],
                check=True,
            )
        return
    (packed,) = sys.argv[1:]
    for place in (_RUN, Path("/var/log")):
        subprocess.run(["mount", "-t", "tmpfs", "made", place], check=True)
    (_RUN / "machine-id").write_text(_MACHINE_ID)
    subprocess.run(["mount", "--bind", _RUN / "machine-id", "/etc/machine-id"], check=True)
    subprocess.run(["hostname", "made"], check=True)
    settings = _RUN / "systemd/journald.conf.d/made.conf"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS)
    journald = subprocess.Popen([_JOURNALD], env={**os.environ, "SYSTEMD_JOURNAL_COMPRESS": packed})
    try:
        while not _SOCKET.exists() and journald.poll() is None:
            time.sleep(0.05)
        subprocess.run(["logger", "--journald"], input=f"MESSAGE={long_field()}\n", text=True, check=True)
        time.sleep(1)  # until it has written it: it answers no one
    finally:
        journald.terminate()
        journald.wait()
    (journal,) = (_RUN / "log/journal").rglob("*.journal")
    (FOLDER / f"{packed.lower()}.journal.xz").write_bytes(lzma.compress(journal.read_bytes()))


if __name__ == "__main__":
    main()
