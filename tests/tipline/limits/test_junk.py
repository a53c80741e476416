"""Anyone who sends junk keeps no one else from sending. ``lab/tipline`` has crowds, many tries and slow uploads."""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from onion.runtime_dir import RuntimeDir
from tests.tipline.circuit_site import Site
from tests.tipline.served import ServedFolder
from tests.tipline.site_stage import well_formed_words
from tipline.machine.listener import ListenAddress


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    served = ServedFolder(tmp_path_factory.mktemp("served") / "site")
    with (
        RuntimeDir(Path("/" + "x" * 200)) as folder,
        served.web(public=ListenAddress(folder.path / "s", None), behind_tor=True),
    ):
        yield Site(folder.path / "s")


@contextmanager
def crowd(count: int, act: Callable[[], None], *, at_least: int = 0) -> Iterator[None]:
    """``count`` threads call ``act`` again and again, from before this begins until it ends, and together
    ``at_least`` so many times."""
    begun = threading.Event()
    over = threading.Event()
    counted = itertools.count(1)

    def run() -> None:
        while next(counted) <= at_least or not over.is_set():
            act()
            begun.set()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        assert begun.wait(60), "none of them got through once"
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_while_one_circuit_posts_junk_and_tries_words_another_gets_its_receipt_and_opens_its_mailbox(
    site: Site,
) -> None:
    junk: list[str] = []
    statuses: list[int] = []

    def post_and_try() -> None:
        junk.append(site.send_tip("junk", circuit=1))
        statuses.append(site.log_in(well_formed_words(), circuit=1))

    with crowd(6, post_and_try):
        words = site.send_tip("a tip", circuit=2)
        assert words
        assert site.log_in(words, circuit=3) == 200
    assert all(junk), "nor is the one who sends much told anything else: it may be someone with much to say"
    assert set(statuses) <= {200, 429, 503}
