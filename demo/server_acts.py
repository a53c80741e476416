"""Actions of the last act on the server's store, as a separate program on the server's machine.

    python -m demo.server_acts SITE export DAY FILE    an export, as if the clock of the server stood at DAY
    python -m demo.server_acts SITE secrets            every secret of the unlocked server, as a key

The passphrase of the database key comes on standard input, as for every command.
"""

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

from crypto.keys.keys import HybridSecretKey
from system.atomic_files import whole_file
from tipline.bundles.exporter import carry_out
from tipline.instance.identity import Identity
from tipline.instance.open_site import OpenSite, open_site

_SEED_BYTES = 32


class _ClockAt:
    """A clock that shows one fixed day."""

    def __init__(self, day: dt.date) -> None:
        self._day = day

    def today(self) -> dt.date:
        return self._day


def main(argv: Sequence[str]) -> None:
    """See above."""
    match argv:
        case [site, "export", day, file]:
            with open_site(Path(site), "-", clock=_ClockAt(dt.date.fromisoformat(day))) as opened:
                _export(opened, Path(file))
        case [site, "secrets"]:
            with open_site(Path(site), "-") as opened:
                for secret in _secrets(opened):
                    sys.stdout.write(f"{HybridSecretKey(secret).reveal()}\n")
        case _:
            raise SystemExit(__doc__)


def _export(opened: OpenSite, file: Path) -> None:
    with whole_file(file) as sink:
        carry_out(sink.write, store=opened.store, folder=opened.folder, policy=opened.policy, clock=opened.clock)


def _secrets(opened: OpenSite) -> list[bytes]:
    seeds = Identity.load(opened.store).keys.seeds()
    return [opened.key, seeds[:_SEED_BYTES], seeds[_SEED_BYTES:]]


if __name__ == "__main__":
    main(sys.argv[1:])
