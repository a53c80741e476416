"""Ready passphrases: each is given once, and a tip never goes without."""

import threading
from collections.abc import Iterator

import pytest

from crypto.keys import SourceSecretKey
from crypto.mailbox import MailboxAddress, MailboxId
from crypto.passphrase import Passphrase
from tipline.derivations import Derivations
from tipline.errors import TiplineError
from tipline.pool import LOW, READY, PassphrasePool

_KEY = SourceSecretKey(bytes(32)).public_key()


def quick(words: Passphrase) -> MailboxAddress:
    """In place of a derivation: the pool does not care what it costs."""
    return MailboxAddress(MailboxId(words.secret().ljust(32)), _KEY)


@pytest.fixture
def pool() -> Iterator[PassphrasePool]:
    made = PassphrasePool(Derivations(), quick)
    yield made
    made.stop()


def fill(pool: PassphrasePool) -> None:
    while len(pool) < READY:
        threading.Event().wait(0.001)


def test_the_pool_fills_itself_and_again_after_it_was_used(pool: PassphrasePool) -> None:
    pool.start()
    for _ in "12":
        fill(pool)
        taken = [pool.take() for _ in range(READY)]
        assert len({ready.words.words for ready in taken}) == READY


def test_each_passphrase_fits_its_mailbox_and_is_given_once(pool: PassphrasePool) -> None:
    pool.start()
    fill(pool)
    taken = [pool.take() for _ in range(READY + 20)]
    assert all(ready.mailbox == quick(ready.words) for ready in taken)
    assert len({ready.mailbox for ready in taken}) == READY + 20


def test_an_empty_pool_derives_at_once(pool: PassphrasePool) -> None:
    assert len(pool) == 0
    assert pool.take().words.words


def test_without_a_manifest_the_pool_waits_and_does_not_end() -> None:
    asked = threading.Event()
    ready = threading.Event()

    def derive(words: Passphrase) -> MailboxAddress:
        asked.set()
        if not ready.is_set():
            raise TiplineError("no manifest was adopted yet")
        return quick(words)

    pool = PassphrasePool(Derivations(), derive)
    pool.start()
    try:
        asked.wait()
        ready.set()
        fill(pool)
    finally:
        pool.stop()


def test_stopping_forgets_what_was_ready(pool: PassphrasePool) -> None:
    pool.start()
    fill(pool)
    pool.stop()
    assert len(pool) == 0


def test_ready_words_print_nothing(pool: PassphrasePool) -> None:
    ready = pool.take()
    assert not any(word in repr(ready) for word in ready.words.words)


def test_the_pool_lets_a_log_in_go_first_unless_it_runs_low() -> None:
    now = [0.0]
    derived: list[Passphrase] = []

    def derive(words: Passphrase) -> MailboxAddress:
        derived.append(words)
        return quick(words)

    pool = PassphrasePool(Derivations(), derive, seconds=lambda: now[0])
    pool.start()
    try:
        fill(pool)
        pool.take()
        threading.Event().wait(0.05)
        assert len(derived) == READY  # somebody took words just now, and may log in next
        now[0] = 100.0
        fill(pool)
        for _ in range(READY - LOW + 1):
            pool.take()
        while len(pool) < LOW:
            threading.Event().wait(0.001)
        assert len(derived) > READY + 1
    finally:
        now[0] = 1000.0
        pool.stop()
