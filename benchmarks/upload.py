"""A 400 MiB upload on loopback beside ``gpg -e`` and ``dd conv=fsync`` of the same bytes, in one run.

Run: ``.venv/bin/python benchmarks/upload.py [--mib 400] [--rounds 3] [--folder FOLDER]``

Prints MiB/s of each, the two ratios, the growth of resident memory while the upload runs (all processes of the
server), what the reviewer needs to open it, and how many of the files that staff then save are not what was sent.
Median of the rounds; the order of the three turns from round to round.
"""

import argparse
import filecmp
import json
import secrets
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from running_server import POOL_FILL_SECONDS, RunningServer, form_nonce, post_submission, running_server

MIB = 1 << 20
# Each ready passphrase takes 64 MiB for a moment, which is none of the upload's: the pool is filled first.
PAUSE_SECONDS = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--mib", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None, help="where to work; needs about ten times the size")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=wanted.folder, prefix="bench-") as name:
        folder = Path(name)
        file = folder / "upload.bin"
        with file.open("wb") as sink:
            for _ in range(wanted.mib):
                sink.write(secrets.token_bytes(MIB))
        gpg_home = _gpg_home(folder)
        seconds: dict[str, list[float]] = {"upload": [], "gpg -e": [], "dd conv=fsync": []}
        growth: list[int] = []
        with running_server(folder / "line") as server:
            contenders: list[tuple[str, Callable[[], object]]] = [
                ("upload", lambda: growth.append(_upload(server, file))),
                ("gpg -e", lambda: _gpg(gpg_home, file, folder / "out.gpg")),
                ("dd conv=fsync", lambda: _dd(file, folder / "out.dd")),
            ]
            time.sleep(POOL_FILL_SECONDS)
            for turn in range(wanted.rounds):
                for label, act in contenders[turn % 3 :] + contenders[: turn % 3]:
                    time.sleep(PAUSE_SECONDS)
                    started = time.monotonic()
                    act()
                    seconds[label].append(time.monotonic() - started)
            _report(wanted.mib, seconds, growth)
            _report_opening(server, wanted.mib * wanted.rounds)
            _report_difference(server, file, wanted.rounds)


def _report(mib: int, seconds: dict[str, list[float]], growth: list[int]) -> None:
    speed = {label: mib / statistics.median(taken) for label, taken in seconds.items()}
    for label, taken in seconds.items():
        spread = ", ".join(f"{mib / one:.0f}" for one in taken)
        print(f"{label:14} {speed[label]:7.0f} MiB/s   (rounds: {spread})")
    print(f"upload : gpg -e        {speed['upload'] / speed['gpg -e']:.2f}")
    print(f"upload : dd conv=fsync {speed['upload'] / speed['dd conv=fsync']:.2f}")
    print(f"resident memory grew in an upload by {max(growth) / MIB:.1f} MiB (first round {growth[0] / MIB:.1f})")


def _report_opening(server: RunningServer, mib: int) -> None:
    bundle = server.folder / "bundle"
    secret = ("--passphrase-file", server.folder / "passphrase")
    started = time.monotonic()
    server.tool("tipline", "export", server.data, "--out", bundle, *secret)
    exported = time.monotonic()
    server.tool("tipline-review", "--beside-network", "import", server.home, bundle, *secret)
    imported = time.monotonic()
    print(f"export         {mib / (exported - started):7.0f} MiB/s")
    print(f"import         {mib / (imported - exported):7.0f} MiB/s   (the reviewer opens, verifies and keeps)")


def _report_difference(server: RunningServer, file: Path, uploads: int) -> None:
    """The files that staff saved of each upload, compared with the original.

    Raises:
        RuntimeError: staff have not as many as were sent.
    """
    secret = ("--passphrase-file", server.folder / "passphrase")
    review = ("tipline-review", "--beside-network")
    differing = 0
    submissions = json.loads(server.tool(*review, "list", server.home, "--json", *secret))["submissions"]
    if len(submissions) != uploads:
        raise RuntimeError(f"{uploads} files were sent, and staff have {len(submissions)}")
    for submission in submissions:
        case = server.folder / f"case-{submission['id']}"
        server.tool(*review, "save", server.home, submission["id"], "--on-disk", "--to", case, *secret)
        differing += not filecmp.cmp(case / file.name, file, shallow=False)
        shutil.rmtree(case)
    print(f"files that differ from what was sent: {differing} (of {len(submissions)})")


def _upload(server: RunningServer, file: Path) -> int:
    before = server.resident_bytes()
    highest = before
    done = threading.Event()

    def watch() -> None:
        nonlocal highest
        while not done.wait(0.02):
            highest = max(highest, server.resident_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    connection = server.connection()
    try:
        # No words are given out: new ones would be derived while the page still comes, in 64 MiB that are none of
        # the upload's.
        post_submission(connection, nonce=form_nonce(connection), text="", file=file, wants_answer=False)
    finally:
        done.set()
        watcher.join()
        connection.close()
    return highest - before


def _gpg_home(folder: Path) -> Path:
    home = folder / "gnupg"
    home.mkdir(mode=0o700)
    subprocess.run(
        [
            "gpg",
            "--homedir",
            home,
            "--batch",
            "--quiet",
            "--passphrase",
            "",
            "--quick-gen-key",
            "bench",
            "default",
            "default",
        ],
        check=True,
        capture_output=True,
    )
    return home


def _gpg(home: Path, file: Path, out: Path) -> None:
    out.unlink(missing_ok=True)
    command: list[str | Path] = [
        "gpg",
        "--homedir",
        home,
        "--batch",
        "--trust-model",
        "always",
        "-r",
        "bench",
        "-o",
        out,
        "-e",
        file,
    ]
    subprocess.run(command, check=True, capture_output=True)


def _dd(file: Path, out: Path) -> None:
    out.unlink(missing_ok=True)
    program = shutil.which("dd") or "dd"
    subprocess.run([program, f"if={file}", f"of={out}", "bs=1M", "conv=fsync"], check=True, capture_output=True)


if __name__ == "__main__":
    main()
