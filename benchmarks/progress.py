"""The cost of progress requests during an upload: the same upload with and without the frame.

Run: ``.venv/bin/python benchmarks/progress.py [--mib 400] [--rounds 5] [--folder FOLDER]``

The page for files asks every three seconds. An upload on loopback is over before that, so here it is asked ten
times a second, thirty times as often; the two kinds of upload alternate. It also prints the processor time of one
request, which other work on the machine changes least.
"""

import argparse
import http.client
import re
import statistics
import tempfile
import threading
import time
from pathlib import Path

from running_server import POOL_FILL_SECONDS, RunningServer, post_submission, running_server

MIB = 1 << 20
POOL_REPLACE_SECONDS = 4
LOOKS_A_SECOND = 10
LOOKS_ALONE = 500
OF_THE_PAGE_A_SECOND = 1 / 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--mib", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=None, help="where to work; needs twelve times the size")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=wanted.folder, prefix="bench-") as name:
        folder = Path(name)
        file = folder / "upload.bin"
        with file.open("wb") as sink:
            sink.truncate(wanted.mib * MIB)
        taken: dict[bool, list[float]] = {False: [], True: []}
        looks: list[float] = []
        with running_server(folder / "line") as server:
            time.sleep(POOL_FILL_SECONDS)
            look_seconds = _processor_seconds_of_a_look(server)
            for turn in range(wanted.rounds * 2):
                looked = turn % 2 == 1
                time.sleep(POOL_REPLACE_SECONDS)
                taken[looked].append(_upload(server, file, looks if looked else None))
    _report(wanted.mib, taken, looks, look_seconds)


def _report(mib: int, taken: dict[bool, list[float]], looks: list[float], look_seconds: float) -> None:
    alone, looked = (statistics.median(taken[kind]) for kind in (False, True))
    print(f"no progress requests    {mib / alone:7.0f} MiB/s")
    print(f"{LOOKS_A_SECOND} looks a second       {mib / looked:7.0f} MiB/s   {looked / alone - 1:+.1%}")
    per_look = (looked - alone) / (looked * LOOKS_A_SECOND)
    print(f"so at one look in three seconds {per_look * OF_THE_PAGE_A_SECOND:+.2%}")
    print(
        f"a look costs {look_seconds * 1000:.1f} ms of processor time: one in three seconds takes "
        f"{look_seconds * OF_THE_PAGE_A_SECOND:.2%} of one core"
    )
    if looks:
        print(f"a look takes {statistics.median(looks) * 1000:.1f} ms beside the upload ({len(looks)} looks)")


def _processor_seconds_of_a_look(server: RunningServer) -> float:
    before = server.processor_seconds()
    for _ in range(LOOKS_ALONE):
        _look_once(server, "0" * 32)
    return (server.processor_seconds() - before) / LOOKS_ALONE


def _upload(server: RunningServer, file: Path, looks: list[float] | None) -> float:
    connection = server.connection()
    connection.request("GET", "/files")
    page = connection.getresponse().read().decode()
    nonce = _found(r'name="nonce" value="(\w+)"', page)
    token = _found(r"upload=(\w{32})", page)
    over = threading.Event()
    looker = threading.Thread(target=_look, args=(server, token, over, looks))
    if looks is not None:
        looker.start()
    try:
        started = time.monotonic()
        post_submission(connection, nonce=nonce, text="", file=file, path=f"/files/send?upload={token}")
        return time.monotonic() - started
    finally:
        over.set()
        if looks is not None:
            looker.join()
        connection.close()


def _look(server: RunningServer, token: str, over: threading.Event, looks: list[float]) -> None:
    while not over.wait(1 / LOOKS_A_SECOND):
        started = time.monotonic()
        _look_once(server, token)
        if looks is not None:
            looks.append(time.monotonic() - started)


def _look_once(server: RunningServer, token: str) -> None:
    connection = server.connection()
    connection.request("GET", f"/files/progress?upload={token}")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != http.client.OK:
        raise RuntimeError(f"the counting frame answered {answer.status}")


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    if found is None:
        raise RuntimeError("the page for files is not as it was")
    return found[1]


if __name__ == "__main__":
    main()
