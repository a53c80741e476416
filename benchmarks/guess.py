"""The cost of one passphrase guess on this machine: time, processor time, memory; 1 and 2 threads.

Run: ``.venv/bin/python benchmarks/guess.py [--guesses 20]``

A guess is what a log-in is: Argon2id with the costs of a new site, then mailbox id and source key.
``docs/guessing.md`` states what that means against a farm.
"""

import argparse
import resource
import time
from concurrent.futures import ThreadPoolExecutor

from crypto.passphrases.mailbox import MEMORY_KIB, PASSES, SiteDerivation, open_mailbox
from crypto.passphrases.passphrase import Passphrase

KIB_A_MIB = 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--guesses", type=int, default=20)
    guesses = parser.parse_args().guesses
    site = SiteDerivation.generate()
    passphrase = Passphrase.generate()
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    open_mailbox(passphrase, by=site)
    grown_mib = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib) / KIB_A_MIB
    cost = f"Argon2id with {MEMORY_KIB // KIB_A_MIB} MiB and {PASSES} passes"
    print(f"{cost}: one guess takes {grown_mib:.0f} MiB of memory")
    for threads in (1, 2):
        wall, processor = _measure(passphrase, site, guesses, threads)
        print(
            f"{threads} thread{'s' if threads > 1 else ' '}  {wall / guesses * 1000:6.1f} ms a guess,"
            f" {guesses / wall:5.1f} guesses a second, {processor / guesses * 1000:6.1f} ms of processor time each"
        )


def _measure(passphrase: Passphrase, site: SiteDerivation, guesses: int, threads: int) -> tuple[float, float]:
    with ThreadPoolExecutor(threads) as pool:
        started, used = time.monotonic(), time.process_time()
        for one in [pool.submit(open_mailbox, passphrase, by=site) for _ in range(guesses)]:
            one.result()
        return time.monotonic() - started, time.process_time() - used


if __name__ == "__main__":
    main()
