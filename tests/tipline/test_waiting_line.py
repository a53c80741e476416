"""The challenge: unless its mailbox is open, a message waits until its form is old enough and its circuit has a
turn; a circuit opens few mailboxes a minute; nothing that was typed is lost."""

import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.tipline.site_stage import KNOWN_WORDS, Answer, Browser, Stage, Upload, well_formed_words
from tipline.circuit import NO_CIRCUIT, Circuit
from tipline.cli import main
from tipline.folder import SiteFolder
from tipline.nonce import LONGEST_AGE_SECONDS, Nonce
from tipline.refusals import Reason, Refused
from tipline.space import SHORT_REQUEST_BYTES
from tipline.waiting_line import CIRCUIT_SECONDS, FORM_SECONDS, LOG_INS, TIMES_ADMITTED, WaitingLine

ONE, TWO, THREE = Circuit("one"), Circuit("two"), Circuit("three")


class Patience:
    """A waiting line, and a clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.is_on = True
        self._later = 0.0
        self._stopped_at: float | None = None
        self.line = WaitingLine(is_on=lambda: self.is_on, seconds=self._seconds)

    def _seconds(self) -> float:
        return (time.monotonic() if self._stopped_at is None else self._stopped_at) + self._later

    def stop(self) -> None:
        """From now on the clock goes on only when it is told to."""
        self._stopped_at = time.monotonic()

    def wait(self, seconds: float) -> None:
        self._later += seconds

    def asked(self, nonce: Nonce, circuit: Circuit) -> int:
        """In how many seconds the form may come; 0: it was admitted."""
        try:
            self.line.admit(nonce, circuit)
        except Refused as refused:
            return refused.wait_seconds if refused.reason is Reason.WAIT_A_LITTLE else -1
        return 0

    def logged_in(self, circuit: Circuit) -> int:
        """In how many seconds this circuit may log in; 0: it was admitted."""
        try:
            self.line.admit_log_in(circuit)
        except Refused as refused:
            return refused.wait_seconds if refused.reason is Reason.TOO_MANY_TRIES else -1
        return 0


@pytest.fixture
def patience() -> Patience:
    return Patience()


def test_while_it_is_off_everybody_is_admitted(patience: Patience) -> None:
    patience.is_on = False
    assert [patience.asked(Nonce.generate(), ONE) for _ in range(5)] == [0] * 5
    assert [patience.logged_in(ONE) for _ in range(2 * LOG_INS)] == [0] * 2 * LOG_INS
    assert remembered(patience) == []


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
    assert remembered(patience) == [old, stranger, ONE, THREE]
    patience.wait(CIRCUIT_SECONDS)
    patience.line.sweep()
    assert remembered(patience) == [old, stranger]
    patience.is_on = False
    patience.wait(LONGEST_AGE_SECONDS)
    patience.line.sweep()
    assert remembered(patience) == []


def test_where_too_many_are_remembered_the_oldest_is_forgotten_first(
    patience: Patience, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tipline.waiting_line._MOST_REMEMBERED", 2)
    patience.wait(FORM_SECONDS + 5)
    assert [patience.asked(Nonce.generate(), circuit) for circuit in (ONE, TWO, THREE)] == [0, 0, 0]
    assert patience.asked(Nonce.generate(), THREE) > 0
    assert patience.asked(Nonce.generate(), TWO) > 0
    assert patience.asked(Nonce.generate(), ONE) == 0


def remembered(patience: Patience) -> list[Nonce | Circuit]:
    line = patience.line
    return [*line._admitted, *line._strangers, *line._next_turns, *line._log_ins]


def test_the_site_forgets_the_circuits_of_whoever_sent_something(
    stage: Stage, patience: Patience, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = stage.browser.get("/")
    patience.wait(FORM_SECONDS + 5)
    long = Upload("a.bin", bytes(SHORT_REQUEST_BYTES))
    assert stage.browser.send_tip("hello", [long], nonce=page.hidden("nonce")).words
    stage.site.space._texts.brought.add(ONE, 1)
    tallies = [stage.site.pool._had, stage.site.space._files.brought, stage.site.space._texts.brought]
    assert [len(tally._had) for tally in tallies] == [1, 1, 1]
    monkeypatch.setattr("tipline.tally.KEPT_SECONDS", -1)
    patience.wait(LONGEST_AGE_SECONDS)
    for sweep in stage.site._sweeper._sweeps:
        sweep()
    assert [len(tally._had) for tally in tallies] == [0, 0, 0]
    assert remembered(patience) == []


def test_nothing_but_the_server_can_tell_how_old_a_form_is() -> None:
    nonces = [Nonce.generate() for _ in range(200)]
    assert len({nonce.digits()[:16] for nonce in nonces}) == len({nonce.digits()[16:] for nonce in nonces}) == 200
    ages = [nonce.age_seconds(time.monotonic()) for nonce in nonces]
    assert all(age is not None and age <= 10 for age in ages)
    changed = Nonce(nonces[0].digits()[:-1] + ("0" if nonces[0].digits()[-1] != "0" else "1"))
    assert changed.age_seconds(time.monotonic()) is None


@pytest.fixture
def stage(tmp_path: Path, patience: Patience) -> Iterator[Stage]:
    made = Stage(tmp_path, line=patience.line)
    made.browser.address = "fc00:dead:beef:4dad::0:1"
    yield made
    made.close()


def press(browser: Browser, page: Answer, text: str, **more: str) -> Answer:
    """Send on the form of this page, as it stands there."""
    return browser.upload("/", [("nonce", page.hidden("nonce")), ("text", text), *more.items()])


def test_who_is_too_quick_gets_everything_back_and_one_more_press_is_enough(
    stage: Stage, patience: Patience
) -> None:
    form = stage.browser.get("/")
    told = press(stage.browser, form, "help me", urgent="yes")
    assert told.status == 503
    seconds = int(told.header("Retry-After") or "0")
    assert 0 < seconds <= FORM_SECONDS
    assert f"about {seconds} seconds, then press Send again" in told.text
    assert "help me</textarea>" in told.text
    assert 'name="urgent" value="yes" checked' in told.text or "checked" in told.text.split('name="urgent"')[1][:80]
    assert told.header("Set-Cookie") is None
    patience.wait(seconds + 5)
    assert press(stage.browser, told, "help me", urgent="yes").words
    assert stage.read_one().text == "help me"


def test_who_writes_for_as_long_as_people_do_notices_nothing(stage: Stage, patience: Patience) -> None:
    form = stage.browser.get("/")
    patience.wait(FORM_SECONDS + 5)
    assert press(stage.browser, form, "help me").words


def test_pressed_twice_the_same_receipt_is_shown_twice(stage: Stage, patience: Patience) -> None:
    form = stage.browser.get("/")
    patience.wait(FORM_SECONDS + 5)
    first = press(stage.browser, form, "help me")
    assert first.words == press(stage.browser, form, "help me").words
    assert len(stage.read_all()) == 1


def test_answers_at_a_door_come_back_and_the_form_is_as_old_as_it_was(stage: Stage, patience: Patience) -> None:
    form = stage.browser.get("/form/1")
    question = form.body.decode().split('name="q:', 1)[1].split('"', 1)[0]
    fields = [("nonce", form.hidden("nonce")), ("text", "help me"), (f"q:{question}", "by the river")]
    told = stage.browser.upload("/form/1", fields)
    assert told.status == 503
    assert f'name="q:{question}" value="by the river"' in told.text
    assert told.hidden("nonce") == form.hidden("nonce")


def test_files_to_a_receipt_and_what_is_done_in_a_mailbox_do_not_wait(stage: Stage, patience: Patience) -> None:
    form = stage.browser.get("/")
    patience.wait(FORM_SECONDS + 5)
    receipt = press(stage.browser, form, "help me")
    fields = [("nonce", receipt.form_nonce("/more")), ("handle", receipt.hidden("handle"))]
    assert stage.browser.upload("/more", fields, [Upload("a.txt", b"1")]).status == 200
    mailbox = stage.browser.open_mailbox(receipt.words)
    written = stage.browser.upload(
        "/mailbox/write", [("nonce", mailbox.form_nonce("/mailbox/write")), ("text", "more")]
    )
    assert written.status == 200
    assert len(stage.read_all()) == 3


def write(browser: Browser, nonce: str, text: str, words: str = "", files: Sequence[Upload] = ()) -> Answer:
    """Send a message for the mailbox of ``words``; without them for the one that is open in this browser."""
    fields = [("nonce", nonce), *([("passphrase", words)] if words else []), ("text", text)]
    return browser.upload("/mailbox/write", fields, files)


def form_for_words(stage: Stage) -> str:
    """The nonce of the form that asks for text and words: that of a page whose mailbox is open no more."""
    return write(stage.browser, Nonce.generate().digits(), "more").form_nonce("/mailbox/write")


def test_a_message_with_its_words_and_no_open_mailbox_waits_like_a_first_one_and_loses_nothing(
    stage: Stage, patience: Patience
) -> None:
    words = well_formed_words()
    nonce = form_for_words(stage)
    told = write(stage.browser, nonce, "a long story", words, [Upload("a.jpg", b"1")])
    assert told.status == 503
    seconds = int(told.header("Retry-After") or "0")
    assert 0 < seconds <= FORM_SECONDS
    assert f"about {seconds} seconds, then press Send again" in told.text
    assert "a long story</textarea>" in told.text
    assert f"{words}</textarea>" in told.text
    assert "Please choose your files again" in told.text
    assert told.form_nonce("/mailbox/write") == nonce, "it is the same form, and as old as it was"
    assert told.header("Set-Cookie") is None
    assert stage.read_all() == []
    patience.wait(seconds + 5)
    assert write(stage.browser, nonce, "a long story", words).status == 200
    assert stage.read_one().text == "a long story"


def test_whoever_types_the_words_for_as_long_as_people_do_notices_nothing(stage: Stage, patience: Patience) -> None:
    nonce = form_for_words(stage)
    patience.wait(FORM_SECONDS + 5)
    assert write(stage.browser, nonce, "more", well_formed_words()).status == 200


def test_random_words_send_no_more_from_one_circuit_than_first_messages_do(
    stage: Stage, patience: Patience
) -> None:
    nonces = [form_for_words(stage) for _ in range(5)]
    patience.wait(FORM_SECONDS + 5)
    statuses = [write(stage.browser, nonce, "junk", well_formed_words()).status for nonce in nonces]
    assert statuses == [200, 503, 503, 503, 503]
    assert press(stage.browser, stage.browser.get("/"), "junk").status == 503
    stage.browser.address = "fc00:dead:beef:4dad::0:2"
    assert write(stage.browser, nonces[1], "from somebody else", well_formed_words()).status == 200
    assert len(stage.read_all()) == 2


def test_words_that_were_used_and_words_that_were_not_wait_alike_and_nothing_is_derived_before(
    stage: Stage, patience: Patience
) -> None:
    form = stage.browser.get("/")
    patience.wait(FORM_SECONDS + 5)
    used, unused = press(stage.browser, form, "help me").words, well_formed_words()
    stage.reply("an answer", stage.read_one().mailbox)
    nonce = form_for_words(stage)
    asked = stage.standing.asked
    answers = [write(stage.browser, nonce, "more", words) for words in (used, unused)]
    assert [answer.status for answer in answers] == [503, 503]
    shown = [re.sub(r"about \d+ seconds| +", " ", answer.text.replace(used, unused)) for answer in answers]
    assert shown[0] == shown[1]
    assert stage.standing.asked == asked


def test_a_slip_in_the_words_costs_no_turn_and_the_form_stays_as_old_as_it_was(
    stage: Stage, patience: Patience
) -> None:
    nonce = form_for_words(stage)
    patience.wait(FORM_SECONDS + 5)
    for _ in range(2 * TIMES_ADMITTED):
        told = write(stage.browser, nonce, "more", KNOWN_WORDS.replace("settle", "setle"))
        assert told.status == 422
        assert told.form_nonce("/mailbox/write") == nonce
    assert write(stage.browser, nonce, "more", KNOWN_WORDS).status == 200
    for _ in range(2 * LOG_INS):
        assert stage.browser.open_mailbox(KNOWN_WORDS.replace("settle", "setle")).status == 422
    assert stage.browser.open_mailbox(KNOWN_WORDS).status == 200


def test_random_words_open_no_more_than_a_few_mailboxes_from_one_circuit_and_come_back(
    stage: Stage, patience: Patience
) -> None:
    assert [stage.browser.open_mailbox(well_formed_words()).status for _ in range(LOG_INS)] == [200] * LOG_INS
    asked = stage.standing.asked
    told = stage.browser.open_mailbox(KNOWN_WORDS)
    assert told.status == 429
    assert 0 < int(told.header("Retry-After") or "0") <= CIRCUIT_SECONDS
    assert "Wait a minute, then try once more" in told.text
    assert f"{KNOWN_WORDS}</textarea>" in told.text
    assert stage.standing.asked == asked, "nothing was derived"
    patience.wait(CIRCUIT_SECONDS)
    assert stage.browser.open_mailbox(KNOWN_WORDS).status == 200


def test_new_words_count_as_a_mailbox_that_was_opened_and_the_same_page_is_shown_again(
    stage: Stage, patience: Patience
) -> None:
    def new_words(page: Answer) -> Answer:
        return stage.browser.post("/mailbox/new-words", [("nonce", page.form_nonce("/mailbox/new-words"))])

    first_page = stage.browser.open_mailbox(KNOWN_WORDS)
    first = new_words(first_page)
    pages = [stage.browser.open_mailbox(KNOWN_WORDS) for _ in range(LOG_INS - 2)]
    assert {page.status for page in [first, *pages]} == {200}
    assert new_words(pages[-1]).status == 429
    again = new_words(first_page)
    assert first.words == again.words != ""
    assert len(stage.read_all()) == 1


def test_while_it_is_off_nobody_waits_who_comes_back(stage: Stage, patience: Patience) -> None:
    patience.is_on = False
    for _ in range(2 * LOG_INS):
        assert write(stage.browser, form_for_words(stage), "more", KNOWN_WORDS).status == 200
    for _ in range(2 * LOG_INS):
        assert stage.browser.open_mailbox(KNOWN_WORDS).status == 200


def test_on_the_page_for_files_the_frame_says_it_and_the_page_grows_old_by_itself(
    stage: Stage, patience: Patience
) -> None:
    page = stage.browser.get("/files")
    fields = [("nonce", page.hidden("nonce")), ("handle", ""), ("text", "")]
    upload = [Upload("a.txt", b"1")]
    told = stage.browser.upload("/files/send", fields, upload)
    assert told.status == 503
    assert "press Send again" in told.text
    patience.wait(FORM_SECONDS + 5)
    assert "It has all arrived" in stage.browser.upload("/files/send", fields, upload).text


def test_the_command_turns_it_on_and_off_while_the_site_is_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = SiteFolder(tmp_path)
    served = Stage(tmp_path, line=WaitingLine(is_on=folder.challenge.exists))
    folder.database_key.touch()

    def command(*switch: str) -> str:
        assert main(["challenge", str(tmp_path), *switch]) == 0
        return capsys.readouterr().out.strip()

    assert command() == "the waiting line is off"
    assert served.browser.send_tip("one").status == 200
    assert command("on") == command() == "the waiting line is on"
    assert served.browser.send_tip("two").status == 503
    assert command("off") == "the waiting line is off"
    assert served.browser.send_tip("three").status == 200
    served.close()
