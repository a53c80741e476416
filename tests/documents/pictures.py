"""Takes the pictures of README and manual from real pages in a real Firefox: `scripts/documents --pictures`.

The tips are invented. The home, its keys and its passphrase are made in a temporary folder and go with it.
"""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from demo.firefox import Firefox
from tests.documents.manual_pictures import house, take_manual_pictures
from tests.end_to_end.site_in_firefox import site_in_firefox
from tests.fakes_server import FakeServer, a_mailbox, file_of

FOLDER: Final = Path(__file__).parents[2] / "docs" / "pictures"
SOURCES_PAGE, DESK = FOLDER / "sources-page.png", FOLDER / "desk.png"
_PROGRAM: Final = [sys.executable, "-c", "import sys; from reviewer.cli import main; sys.exit(main(sys.argv[1:]))"]
_TIPS: Final = (
    ("They keep our passports in the office. Eleven of us sleep in one room above the laundry.", "en", True),
    ("Me pagan la mitad de lo que dijeron, y no puedo salir sin el jefe.", "es", False),
    ("أعمل في بيت كبير منذ سنتين ولا أخرج وحدي.", "ar", False),
)


def take_pictures() -> list[Path]:
    """Write all pictures; where they lie."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tipline-pictures-") as name:
        folder = Path(name)
        for part in ("site", "browser", "desk-browser"):
            (folder / part).mkdir()
        with (
            Firefox(folder / "browser") as firefox,
            site_in_firefox(folder / "site", firefox, width=760, height=560) as site,
        ):
            firefox.open(f"{site.address}/")
            firefox.screenshot(SOURCES_PAGE, whole=False)
        with Firefox(folder / "desk-browser", width=760, height=560) as firefox, _desk(folder) as address:
            firefox.open(address)
            firefox.screenshot(DESK, whole=False)
            tips = [firefox.text(f"ol.tips li:nth-child({place}) .id") for place in (1, 2)]
            manual = take_manual_pictures(firefox, address.partition("/open/")[0], tips, FOLDER)
    return [SOURCES_PAGE, DESK, *manual]


@contextmanager
def _desk(folder: Path) -> Iterator[str]:
    """A desk with a few tips, as its command serves it; the address that lets one browser in."""
    home, root, manifest = folder / "home", folder / "root", folder / "manifest.json"
    passphrase = folder / "passphrase"
    passphrase.write_text("six words drawn by dice for us", encoding="utf-8")
    unlock = ("--passphrase-file", passphrase)
    server = FakeServer()
    _review("init", home, "--root", root, "--organisation", "Example Watch", "--name", "anna", *unlock)
    _review("servers", "add", home, server.write_party(folder), *unlock)
    _review("keys", "issue", home, "--root", root, "--out", manifest, *unlock)
    server.adopt(manifest, root / "root.pub")
    bundles = folder / "tips.bundles"
    bundles.write_bytes(file_of(server.submissions(*_envelopes(server))))
    _review("import", home, bundles, *unlock)
    _review("people", "name", home, "Anna", *unlock)
    danger, read, _unread = (
        tip["id"] for tip in json.loads(_review("list", home, "--json", *unlock))["submissions"]
    )
    _review("mark", home, danger, "--owner", "anna", "--label", "laundry", "--due", "2099-12-31", *unlock)
    _review("mark", home, read, "--read", "--star", *unlock)
    served = subprocess.Popen(
        [*_PROGRAM, "--beside-network", "desk", home, *unlock], stdout=subprocess.PIPE, text=True
    )
    try:
        assert served.stdout is not None
        yield served.stdout.readline().strip()
    finally:
        served.send_signal(signal.SIGINT)
        served.communicate(timeout=60)


def _envelopes(server: FakeServer) -> list[bytes]:
    """One for each tip; the first brings a photo."""
    return [
        server.seal(
            fields=[("text", text), ("language", language), *([("urgent", "yes")] if urgent else [])],
            files=[("photo.jpg", "image/jpeg", house())] if urgent else [],
            mailbox=a_mailbox(number),
            submission_id=bytes([number]) * 16,
        )
        for number, (text, language, urgent) in enumerate(_TIPS, 1)
    ]


def _review(*arguments: str | Path) -> bytes:
    """One command; its standard output."""
    return subprocess.run(
        [*_PROGRAM, "--beside-network", *arguments], check=True, capture_output=True, timeout=120
    ).stdout
