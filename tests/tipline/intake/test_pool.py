"""Ready passphrases: each is given once, and a tip never goes without."""

import math
import threading
from collections.abc import Iterator

import pytest

from crypto.keys.keys import SourceSecretKey
from crypto.passphrases.mailbox import MailboxAddress, MailboxId
from crypto.passphrases.passphrase import Passphrase
from system.errors import ProgramError
from tests.refused_threads import no_thread_named, shortages_told
from tests.tipline.processes import eventually
from tipline.intake.passphrase_pool import LOW, QUIET_SECONDS, READY, REST_SECONDS, PassphrasePool
from tipline.limits.kdf_queue import KdfQueue
from tipline.requests.circuit import Circuit
from tipline.requests.refusals import Reason, Refused

SOMEONE = Circuit("someone")
LONG_SECONDS = 60.0
_KEY = SourceSecretKey(bytes(32)).public_key()


def quick(words: Passphrase) -> MailboxAddress:
    """In place of a derivation: the pool does not care what it costs."""
    return MailboxAddress(MailboxId(words.secret().ljust(32)), _KEY)


@pytest.fixture
def pool() -> Iterator[PassphrasePool]:
    made = PassphrasePool(KdfQueue(), quick, rest_seconds=0)
    yield made
    made.stop()


def fill(pool: PassphrasePool) -> None:
    while len(pool) < READY:
        threading.Event().wait(0.001)


def test_the_pool_fills_itself_and_again_after_it_was_used(pool: PassphrasePool) -> None:
    pool.start()
    for _ in "12":
        fill(pool)
        taken = [pool.take(SOMEONE) for _ in range(READY)]
        assert len({ready.words.words for ready in taken}) == READY


def test_each_passphrase_fits_its_mailbox_and_is_given_once(pool: PassphrasePool) -> None:
    pool.start()
    fill(pool)
    taken = [pool.take(SOMEONE) for _ in range(READY + 20)]
    assert all(ready.mailbox == quick(ready.words) for ready in taken)
    assert len({ready.mailbox for ready in taken}) == READY + 20


def test_junk_from_one_circuit_leaves_ready_words_for_everybody_who_comes_for_the_first_time() -> None:
    derived: list[Passphrase] = []

    def derive(words: Passphrase) -> MailboxAddress:
        derived.append(words)
        return quick(words)

    derivations = KdfQueue()
    pool = PassphrasePool(derivations, derive, rest_seconds=0)
    pool.start()
    try:
        fill(pool)
        with derivations.for_login(Circuit("busy")), derivations.for_tip(Circuit("busy")):
            for _ in range(READY - LOW):
                pool.take(SOMEONE)  # from now on this circuit has to wait for a derivation
            one_more = threading.Thread(target=pool.take, args=(SOMEONE,))
            one_more.start()
            assert eventually(lambda: bool(derivations._tips))
            assert len(pool) == LOW
            others = [pool.take(Circuit(f"other {number}")) for number in range(LOW)]
        assert len({ready.mailbox for ready in others}) == LOW
        assert {ready.words.words for ready in others} <= {words.words for words in derived[:READY]}
        one_more.join()
    finally:
        pool.stop()


def test_an_empty_pool_derives_at_once(pool: PassphrasePool) -> None:
    assert len(pool) == 0
    assert pool.take(SOMEONE).words.words


def test_without_a_manifest_the_pool_waits_and_does_not_end() -> None:
    asked = threading.Event()
    ready = threading.Event()

    def derive(words: Passphrase) -> MailboxAddress:
        asked.set()
        if not ready.is_set():
            raise ProgramError("no manifest was adopted yet")
        return quick(words)

    pool = PassphrasePool(KdfQueue(), derive, rest_seconds=0)
    pool.start()
    try:
        asked.wait()
        ready.set()
        fill(pool)
    finally:
        pool.stop()


def test_a_pool_that_the_system_refused_a_thread_can_be_stopped_and_started_again(pool: PassphrasePool) -> None:
    with no_thread_named("passphrase pool"), pytest.raises(RuntimeError, match="new thread"):
        pool.start()
    pool.stop()
    pool.start()
    assert pool.take(SOMEONE)


def test_stopping_forgets_what_was_ready(pool: PassphrasePool) -> None:
    pool.start()
    fill(pool)
    pool.stop()
    assert len(pool) == 0


def test_ready_words_print_nothing(pool: PassphrasePool) -> None:
    ready = pool.take(SOMEONE)
    assert not any(word in repr(ready) for word in ready.words.words)


def test_the_pool_lets_a_log_in_go_first_unless_it_runs_low() -> None:
    now = [0.0]
    derived: list[Passphrase] = []

    def derive(words: Passphrase) -> MailboxAddress:
        derived.append(words)
        return quick(words)

    pool = PassphrasePool(KdfQueue(), derive, seconds=lambda: now[0], rest_seconds=0)
    pool.start()
    try:
        fill(pool)
        pool.take(SOMEONE)
        threading.Event().wait(0.05)
        assert len(derived) == READY  # someone took words just now, and may log in next
        now[0] = 100.0
        fill(pool)
        for _ in range(READY - LOW + 1):
            pool.take(SOMEONE)
        while len(pool) < LOW:
            threading.Event().wait(0.001)
        assert len(derived) > READY + 1
    finally:
        now[0] = 1000.0
        pool.stop()


def test_the_moment_at_which_words_were_given_out_is_forgotten_once_it_serves_nothing() -> None:
    now = [1000.0]
    pool = PassphrasePool(KdfQueue(), quick, seconds=lambda: now[0], rest_seconds=0)
    pool.start()
    try:
        fill(pool)
        pool.take(SOMEONE)
        pool.sweep()
        assert pool._quiet_from == now[0] + QUIET_SECONDS
        now[0] += QUIET_SECONDS
        pool.sweep()
        assert pool._quiet_from == -math.inf
    finally:
        pool.stop()


def test_without_memory_a_tip_is_refused_politely_and_the_pool_fills_itself_when_there_is_some() -> None:
    short = threading.Event()
    short.set()

    def derive(words: Passphrase) -> MailboxAddress:
        if short.is_set():
            raise MemoryError
        return quick(words)

    pool = PassphrasePool(KdfQueue(), derive, rest_seconds=0)
    pool.start()
    try:
        with pytest.raises(Refused) as refused:
            pool.take(SOMEONE)
        assert refused.value.reason is Reason.BUSY
        short.clear()
        fill(pool)
    finally:
        pool.stop()


def test_the_pool_rests_until_somebody_asks_and_then_derives_32_at_once_whatever_is_swept_meanwhile() -> None:
    now, may_derive = [1000.0], threading.Event()

    def derive(words: Passphrase) -> MailboxAddress:
        may_derive.wait(LONG_SECONDS)
        return quick(words)

    derivations = KdfQueue()
    pool = PassphrasePool(derivations, derive, seconds=lambda: now[0], rest_seconds=LONG_SECONDS)
    pool.start()
    try:
        threading.Event().wait(0.05)
        assert len(pool) == 0
        asking = threading.Thread(target=pool.take, args=(SOMEONE,))
        asking.start()
        assert eventually(lambda: derivations._pool_waits or derivations._pool_running)
        now[0] += QUIET_SECONDS
        pool.sweep()
        may_derive.set()
        asking.join()
        assert eventually(lambda: len(pool) == LOW)
        threading.Event().wait(0.05)
        assert len(pool) == LOW
    finally:
        may_derive.set()
        pool.stop()


def test_as_soon_as_the_pool_has_32_again_and_not_before_a_log_in_has_the_second_place() -> None:
    may_derive, both_run = threading.Semaphore(0), threading.Event()

    def derive(words: Passphrase) -> MailboxAddress:
        if threading.current_thread().name == "passphrase pool":
            may_derive.acquire(timeout=LONG_SECONDS)
        return quick(words)

    def log_in() -> None:
        with derivations.for_login(Circuit("another")):
            both_run.set()

    derivations = KdfQueue()
    pool = PassphrasePool(derivations, derive, rest_seconds=LONG_SECONDS)
    pool.start()
    try:
        threading.Thread(target=pool.take, args=(SOMEONE,), daemon=True).start()
        assert eventually(lambda: derivations._pool_is_low)
        with derivations.for_login(Circuit("one")):
            threading.Thread(target=log_in, daemon=True).start()
            may_derive.release(LOW - 1)
            assert eventually(lambda: len(pool) == LOW - 1)
            assert not both_run.wait(0.05), "the second place is the pool's"
            may_derive.release()
            assert both_run.wait(5)
    finally:
        may_derive.release(READY)
        pool.stop()


@pytest.mark.parametrize("refusal", [MemoryError(), RuntimeError("can't allocate lock")], ids=["memory", "lock"])
def test_a_pool_that_the_system_refuses_to_let_wait_tells_of_it_and_fills_itself_when_it_may(
    refusal: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    derivations = KdfQueue()
    pool = PassphrasePool(derivations, quick, rest_seconds=0.001, turn_seconds=0.01)
    refused = [
        refuse(times=3, waits_of=one._changed, with_=refusal, monkeypatch=monkeypatch)
        for one in (pool, derivations)
    ]
    with shortages_told() as told:
        try:
            with derivations.for_login(SOMEONE):  # so that it waits for its turn as well as for its rest
                pool.start()
                assert eventually(lambda: not any(refused))
            assert eventually(lambda: len(pool) == READY)
            assert len(told) == 6
        finally:
            pool.stop()


def refuse(
    *, times: int, waits_of: threading.Condition, with_: Exception, monkeypatch: pytest.MonkeyPatch
) -> list[Exception]:
    """The refusals that are left."""
    left, given = [with_] * times, threading.Condition.wait

    def wait(condition: threading.Condition, timeout: float | None = None) -> bool:
        if left and condition is waits_of:
            raise left.pop()
        return given(condition, timeout)

    monkeypatch.setattr(threading.Condition, "wait", wait)
    return left


def test_a_pool_that_rests_leaves_both_places_to_log_ins_and_begins_beside_none() -> None:
    derivations = KdfQueue()
    pool = PassphrasePool(derivations, quick, rest_seconds=0.01)
    with derivations.for_login(Circuit("one")):
        pool.start()
        threading.Event().wait(0.1)
        assert len(pool) == 0
        with derivations.for_login(Circuit("another")):
            assert len(pool) == 0
    try:
        fill(pool)
    finally:
        pool.stop()


def test_all_64_are_ready_within_a_minute_of_a_start_also_where_each_takes_a_quarter_of_a_second() -> None:
    assert READY * (REST_SECONDS + 0.25) < 60
