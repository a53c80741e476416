"""The challenge: unless its mailbox is open, a message waits until its form is old enough and its circuit has a
turn; a circuit opens few mailboxes a minute; nothing that was typed is lost."""

import time

import pytest

from tests.tipline.limits.patience import Patience
from tipline.limits.rate_limit import CIRCUIT_SECONDS, FORM_SECONDS, LOG_INS, TIMES_ADMITTED
from tipline.requests.circuit import NO_CIRCUIT, Circuit
from tipline.requests.nonce import LONGEST_AGE_SECONDS, Nonce

ONE, TWO, THREE = Circuit("one"), Circuit("two"), Circuit("three")


@pytest.fixture
def patience() -> Patience:
    return Patience()


def test_while_it_is_off_everybody_is_admitted(patience: Patience) -> None:
    patience.is_on = False
    assert [patience.asked(Nonce.generate(), ONE) for _ in range(5)] == [0] * 5
    assert [patience.logged_in(ONE) for _ in range(2 * LOG_INS)] == [0] * 2 * LOG_INS
    assert patience.remembered() == []


def test_a_form_is_admitted_when_it_is_old_enough_and_not_before(patience: Patience) -> None:
    nonce = Nonce.generate()
    assert 0 < patience.asked(nonce, ONE) <= FORM_SECONDS
    patience.wait(FORM_SECONDS + 5)
    assert patience.asked(nonce, ONE) == 0


def test_a_circuit_has_a_turn_a_minute_and_others_do_not_wait_for_it(patience: Patience) -> None:
    nonces = [Nonce.generate() for _ in range(3)]
    patience.wait(FORM_SECONDS + 5)
    assert patience.asked(nonces[0], ONE) == 0
    assert FORM_SECONDS < patience.asked(nonces[1], ONE) <= CIRCUIT_SECONDS
    assert patience.asked(nonces[2], TWO) == 0
    patience.wait(CIRCUIT_SECONDS)
    assert patience.asked(nonces[1], ONE) == 0


def test_who_must_wait_for_a_moment_is_never_told_of_one_second(patience: Patience) -> None:
    nonces = [Nonce.generate() for _ in range(2)]
    patience.stop()
    patience.wait(FORM_SECONDS + 5)
    assert patience.asked(nonces[0], ONE) == 0
    patience.wait(CIRCUIT_SECONDS - 0.9)
    assert patience.asked(nonces[1], ONE) == 2, "no page says it in the singular"


def test_whoever_waited_as_long_as_was_told_is_admitted(patience: Patience) -> None:
    """Told of a part of a second less, they would be refused once more."""
    nonces = [Nonce.generate() for _ in range(2)]
    patience.wait(FORM_SECONDS + 5)
    patience.stop()
    assert patience.asked(nonces[0], ONE) == 0
    assert [patience.logged_in(ONE) for _ in range(LOG_INS)] == [0] * LOG_INS
    patience.wait(20.75)
    told, told_of_log_ins = patience.asked(nonces[1], ONE), patience.logged_in(ONE)
    assert (told, told_of_log_ins) == (40, 40)
    patience.wait(told)
    assert patience.asked(nonces[1], ONE) == 0
    assert patience.logged_in(ONE) == 0


def test_without_circuits_only_the_form_must_be_old_enough(patience: Patience) -> None:
    nonces = [Nonce.generate() for _ in range(3)]
    patience.wait(FORM_SECONDS + 5)
    assert [patience.asked(nonce, NO_CIRCUIT) for nonce in nonces] == [0, 0, 0]


def test_a_form_pressed_twice_is_admitted_again_and_not_for_ever(patience: Patience) -> None:
    nonce = Nonce.generate()
    patience.wait(FORM_SECONDS + 5)
    assert [patience.asked(nonce, ONE) for _ in range(TIMES_ADMITTED)] == [0] * TIMES_ADMITTED
    assert patience.asked(nonce, ONE) == FORM_SECONDS
    assert patience.asked(nonce, ONE) > FORM_SECONDS


def test_a_circuit_logs_in_a_few_times_a_minute_and_others_do_not_wait_for_it(patience: Patience) -> None:
    assert [patience.logged_in(ONE) for _ in range(LOG_INS)] == [0] * LOG_INS
    patience.wait(CIRCUIT_SECONDS - 10)
    assert 0 < patience.logged_in(ONE) <= 10
    assert patience.logged_in(TWO) == 0
    patience.wait(10)
    assert [patience.logged_in(ONE) for _ in range(LOG_INS)] == [0] * LOG_INS
    assert patience.logged_in(ONE) > CIRCUIT_SECONDS - 10
    assert [patience.logged_in(NO_CIRCUIT) for _ in range(2 * LOG_INS)] == [0] * 2 * LOG_INS


def test_a_log_in_takes_no_turn_from_a_message(patience: Patience) -> None:
    nonce = Nonce.generate()
    patience.wait(FORM_SECONDS + 5)
    assert [patience.logged_in(ONE) for _ in range(LOG_INS)] == [0] * LOG_INS
    assert patience.asked(nonce, ONE) == 0


@pytest.mark.parametrize("stranger", [True, False])
def test_a_form_from_before_a_restart_or_from_hours_ago_need_not_be_opened_anew(
    patience: Patience, stranger: bool
) -> None:
    nonce = Nonce("0" * 32) if stranger else Nonce.generate()
    patience.wait(LONGEST_AGE_SECONDS + 10)
    assert patience.asked(nonce, ONE) == FORM_SECONDS
    patience.wait(FORM_SECONDS)
    assert patience.asked(nonce, ONE) == 0


def test_forms_and_circuits_are_forgotten_in_time_also_when_nobody_comes_any_more(patience: Patience) -> None:
    old, stranger = Nonce.generate(), Nonce("0" * 32)
    patience.wait(FORM_SECONDS + 5)
    assert (patience.asked(old, ONE), patience.asked(stranger, TWO)) == (0, FORM_SECONDS)
    assert patience.logged_in(THREE) == 0
    patience.line.sweep()
    assert patience.remembered() == [old, stranger, ONE, THREE]
    patience.wait(CIRCUIT_SECONDS)
    patience.line.sweep()
    assert patience.remembered() == [old, stranger]
    patience.is_on = False
    patience.wait(LONGEST_AGE_SECONDS)
    patience.line.sweep()
    assert patience.remembered() == []


def test_where_too_many_are_remembered_the_oldest_is_forgotten_first() -> None:
    patience = Patience(most_remembered=2)
    patience.wait(FORM_SECONDS + 5)
    assert [patience.asked(Nonce.generate(), circuit) for circuit in (ONE, TWO, THREE)] == [0, 0, 0]
    assert patience.asked(Nonce.generate(), THREE) > 0
    assert patience.asked(Nonce.generate(), TWO) > 0
    assert patience.asked(Nonce.generate(), ONE) == 0


def test_nothing_but_the_server_can_tell_how_old_a_form_is() -> None:
    nonces = [Nonce.generate() for _ in range(200)]
    assert len({nonce.digits()[:16] for nonce in nonces}) == len({nonce.digits()[16:] for nonce in nonces}) == 200
    ages = [nonce.age_seconds(time.monotonic()) for nonce in nonces]
    assert all(age is not None and age <= 10 for age in ages)
    changed = Nonce(nonces[0].digits()[:-1] + ("0" if nonces[0].digits()[-1] != "0" else "1"))
    assert changed.age_seconds(time.monotonic()) is None
