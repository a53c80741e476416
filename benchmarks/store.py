"""How fast the store takes sealed bytes, beside ``dd conv=fsync`` of the same size on the same disk.

    python benchmarks/store.py [FOLDER]

Prints MiB/s, the ratio, what memory grew by, and how long a text takes from its first byte to durable.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tipline.store import Store

MIB = 1 << 20
UPLOAD_BYTES = 400 * MIB
CHUNK_BYTES = 65536
TEXT_BYTES = 71_866
TEXTS = 200
SOURCES = 64
ROUNDS = 5


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def receive(store: Store, size: int, chunk: bytes) -> None:
    with store.submissions.receive("2026-W48", bytes(32)) as arrival:
        for _ in range(size // len(chunk)):
            arrival.write(chunk)
        if size % len(chunk):
            arrival.write(chunk[: size % len(chunk)])
        arrival.complete()


def unlike() -> bytes:
    """A chunk that no other submission has: two with the same digest cannot both be kept."""
    return os.urandom(CHUNK_BYTES)


def dd(folder: Path, source: Path) -> float:
    target = folder / "dd.out"
    took = seconds(
        lambda: subprocess.run(
            ["dd", f"if={source}", f"of={target}", "bs=1M", "conv=fsync"], check=True, stderr=subprocess.DEVNULL
        )
    )
    target.unlink()
    return took


def one_text(store: Store) -> None:
    receive(store, TEXT_BYTES, unlike())


def many_texts(store: Store) -> list[float]:
    took: list[float] = []

    def one_source() -> None:
        took.extend(seconds(lambda: one_text(store)) for _ in range(TEXTS // 10))

    threads = [threading.Thread(target=one_source) for _ in range(SOURCES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def one_round(store: Store, folder: Path, source: Path) -> float:
    """How many times as long as dd the store takes."""
    disk = dd(folder, source)
    chunk = unlike()
    processor = time.process_time()
    ours = seconds(lambda: receive(store, UPLOAD_BYTES, chunk))
    processor = time.process_time() - processor
    mib = UPLOAD_BYTES / MIB
    print(
        f"400 MiB: dd {mib / disk:4.0f} MiB/s, store {mib / ours:4.0f} MiB/s, ratio {disk / ours:.2f}, "
        f"processor {processor:.2f} s"
    )
    return disk / ours


def peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    parent = sys.argv[1] if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory(dir=parent) as name:
        folder = Path(name)
        source = folder / "source"
        with source.open("wb") as file:
            for _ in range(UPLOAD_BYTES // MIB):
                file.write(os.urandom(MIB))
        with Store(folder, os.urandom(32), create=True) as store:
            receive(store, MIB, unlike())
            before_kib = peak_kib()
            ratios = [one_round(store, folder, source) for _ in range(ROUNDS)]
            print(f"ratio to dd, median of {ROUNDS}: {statistics.median(ratios):.2f}")
            print(f"memory grew by {(peak_kib() - before_kib) / 1024:.1f} MiB")
            alone = [seconds(lambda: one_text(store)) for _ in range(TEXTS)]
            print(f"one text: median {statistics.median(alone) * 1000:.1f} ms")
            begin = time.perf_counter()
            together = many_texts(store)
            rate = len(together) / (time.perf_counter() - begin)
            print(f"{SOURCES} sources: {rate:.0f} texts/s, median {statistics.median(together) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
