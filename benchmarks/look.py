"""Looking at a ten-page PDF and at a photo at the desk: duration from the press to the picture.

    python benchmarks/look.py [--rounds 3]

Each round opens the file as a browser does: the page, then its pictures, from a home on a temporary disk. The last
line of each is the worst round. Memory is not measured here: the kernel limits it (tests/reviewer/viewers/).
"""

import argparse
import contextlib
import io
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask.testing import FlaskClient

from reviewer.desk.app import create_app
from reviewer.desk.session import DeskSession
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk_stage import Desk
from tests.reviewer.viewers.samples import docx, pdf

HOST = "127.0.0.1:1"
HEADERS = {"Host": HOST, "Sec-Fetch-Site": "same-origin"}
FILES = {
    "ten-page PDF": pdf(10),
    "photo of 12 million pixels": photos.encoded(photos.board((4000, 3000)), "JPEG"),
    "Word document": docx(),
}


class _Uncaptured:
    """In place of pytest's capture: what commands print is dropped."""

    def readouterr(self) -> tuple[str, str]:
        return "", ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as made:
        desk = Desk(Path(made), _Uncaptured())  # type: ignore[arg-type]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            desk.found()
            desk.know_server()
            desk.issue()
            files = [(name, "", content) for name, content in FILES.items()]
            (short_id,) = desk.take_in(desk.server.seal(files=files))
        session = DeskSession(desk.home, entry=SecretEntry(None), idle_seconds=600, clock=time.monotonic)
        browser = create_app(session, host=HOST).test_client()
        browser.get(f"/open/{session.token}", headers=HEADERS)
        try:
            for number, (name, pages) in enumerate(zip(FILES, (10, 1, 1), strict=True), 1):
                _look(browser, f"/tip/{short_id}/look/{number}", name, pages, rounds)
        finally:
            session.close()


def _look(browser: FlaskClient, path: str, name: str, pages: int, rounds: int) -> None:
    for see in ("blurred", "grey", "colour"):
        first, whole = [], []
        for _round in range(rounds):
            began = time.perf_counter()
            _get(browser, f"{path}?see={see}")
            _get(browser, f"{path}/picture/1/{see}")
            first.append(time.perf_counter() - began)
            for page in range(2, pages + 1):
                _get(browser, f"{path}/picture/{page}/{see}")
            whole.append(time.perf_counter() - began)
        print(f"{name}, {see}: first picture {max(first):.2f} s, all {pages} {max(whole):.2f} s")


def _get(browser: FlaskClient, path: str) -> None:
    answer = browser.get(path, headers=HEADERS)
    if answer.status_code != 200:
        sys.exit(f"{path}: {answer.status_code}")


if __name__ == "__main__":
    main()
