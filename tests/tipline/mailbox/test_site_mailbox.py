"""In an open mailbox: answers are read and deleted, and all that is done with the words reaches staff sealed."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from crypto.passphrases.mailbox import MailboxAddress, reply_tag
from crypto.submissions.reply import seal_reply
from crypto.submissions.submission import SMALLEST_BYTES
from tests.organisation import TODAY
from tests.steps import failing_step
from tests.tipline.mailbox.mailbox_page import acts, press, write
from tests.tipline.site_stage import Stage, Upload, well_formed_words
from tipline.intake.intake import Intake
from tipline.limits.kdf_queue import KdfQueue
from tipline.limits.rate_limit import RateLimit
from tipline.mailbox import service
from tipline.mailbox.service import MailboxService
from tipline.mailbox.sessions import SESSION_SECONDS, Sessions
from tipline.mailbox.timing_padding import TimingPadding
from tipline.pages.padding import PAGE_BYTES
from tipline.pages.views import receipt
from tipline.requests.circuit import NO_CIRCUIT
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import Reason, Refused
from tipline.store.errors import StoreBroken


def end_session(stage: Stage) -> None:
    now = stage.site.sessions._seconds()
    stage.site.sessions._seconds = lambda: now + SESSION_SECONDS + 1


def test_a_reply_is_shown_as_text_and_nothing_in_it_is_markup(stage: Stage, words: str) -> None:
    stage.reply('<b>x</b> & "quoted"\n<!-- --> second', next(iter(stage.read_all())).mailbox)
    body = stage.browser.open_mailbox(words).body.decode()
    assert "&lt;b&gt;x&lt;/b&gt; &amp; &#34;quoted&#34;\n&lt;!-- --&gt; second" in body


def test_answers_of_one_day_are_shown_by_their_number_and_the_newest_first(stage: Stage, words: str) -> None:
    mailbox = stage.read_one().mailbox
    for text in ("second", "third", "fourth"):
        stage.reply(text, mailbox)
    stage.reply("of the day before, and sent last", mailbox, day=TODAY - dt.timedelta(days=1))
    shown = re.findall(r"<article>.*?</article>", stage.browser.open_mailbox(words).text, re.DOTALL)
    for place, text in enumerate(("fourth", "third", "second", "an answer", "of the day before")):
        assert text in shown[place]


def test_a_reply_under_the_id_of_another_row_is_not_shown_and_goes_when_all_are_deleted(
    stage: Stage, words: str
) -> None:
    mailbox = stage.read_one().mailbox
    row = seal_reply("misplaced", to=mailbox, day=TODAY, number=2)
    stage.store.replies.put(b"another id of 16", row.salt, row.tag, row.envelope, TODAY)
    page = stage.browser.open_mailbox(words)
    assert "an answer" in page.text
    assert "misplaced" not in page.text
    press(stage, page, "/mailbox/delete", ("which", "all"))
    ((*_, envelope),) = stage.store.replies.rows([b"another id of 16"])
    assert envelope != row.envelope


@pytest.mark.parametrize("at", [30, 1600, 2000, 67_194])
def test_a_reply_in_which_one_bit_was_lost_is_not_shown_in_part_and_hides_no_other(
    stage: Stage, words: str, at: int
) -> None:
    row = seal_reply("harmed", to=stage.read_one().mailbox, day=TODAY, number=2)
    harmed = row.envelope[:at] + bytes([row.envelope[at] ^ 1]) + row.envelope[at + 1 :]
    stage.store.replies.put(row.reply_id, row.salt, row.tag, harmed, TODAY)
    page = stage.browser.open_mailbox(words)
    assert "an answer" in page.text
    assert "harmed" not in page.text


@pytest.mark.parametrize("text", ['"' * 2048, "&" * 2048, "ம்" * 340, "x\n" * 1024])
def test_the_page_has_its_one_size_with_the_longest_replies_and_says_how_many_wait(
    stage: Stage, words: str, text: str
) -> None:
    mailbox = next(iter(stage.read_all())).mailbox
    for _ in range(20):
        stage.reply(text[:2048], mailbox)
    page = stage.browser.open_mailbox(words)
    shown = page.body.count(b"<article>")
    assert len(page.body) == PAGE_BYTES
    assert shown >= 1
    assert f"{21 - shown} older answers do not fit" in page.text


def test_a_follow_up_goes_to_the_same_mailbox_with_its_files(stage: Stage, words: str) -> None:
    page = stage.browser.open_mailbox(words)
    done = write(stage, page, "more", Upload("a.jpg", b"1"))
    assert done.status == 200
    assert "Your message has arrived" in done.text
    assert write(stage, page, "more", Upload("a.jpg", b"1")).status == 200
    read = stage.read_all()
    assert sorted(one.text for one in read) == ["hello", "more"]
    assert len({one.mailbox for one in read}) == 1


def test_an_expired_session_gives_the_text_back_with_a_field_for_the_words(stage: Stage, words: str) -> None:
    page = stage.browser.open_mailbox(words)
    end_session(stage)
    again = write(stage, page, "a long story", Upload("a.jpg", b"1"))
    assert again.status == 403
    assert "a long story" in again.text
    assert len(stage.read_all()) == 1
    wrong = write(stage, again, "a long story", words="abacus " * 8)
    assert wrong.status == 422
    assert "a long story" in wrong.text
    assert write(stage, wrong, "a long story", words=words).status == 200
    read = stage.read_all()
    assert len(read) == 2
    assert len({one.mailbox for one in read}) == 1


def test_words_in_a_follow_up_are_stopped_once(stage: Stage, words: str) -> None:
    page = stage.browser.open_mailbox(words)
    stopped = write(stage, page, words)
    assert stopped.status == 422
    fields = [("nonce", stopped.form_nonce("/mailbox/write")), ("meant", "yes"), ("text", words)]
    assert stage.browser.upload("/mailbox/write", fields).status == 200


def test_a_deleted_reply_is_gone_and_staff_are_told_which(stage: Stage, words: str) -> None:
    mailbox = next(iter(stage.read_all())).mailbox
    stage.reply("another one", mailbox)
    page = stage.browser.open_mailbox(words)
    ticked = page.hidden("reply")
    rows_before = len(stage.store.replies.tags())
    done = press(stage, page, "/mailbox/delete", ("which", "ticked"), ("reply", ticked), ("reply", "00" * 16))
    assert "Deleted" in done.text
    assert acts(stage) == [{"act": ["delete"], "reply": [ticked]}]
    assert stage.browser.open_mailbox(words).body.count(b"<article>") == 1
    assert len(stage.store.replies.tags()) == rows_before


def test_the_reply_of_another_mailbox_cannot_be_deleted(stage: Stage, words: str) -> None:
    theirs = stage.browser.open_mailbox(words)
    ticked = theirs.hidden("reply")
    mine = stage.browser.open_mailbox(well_formed_words())
    fields = [("nonce", mine.form_nonce("/mailbox/how")), ("which", "ticked"), ("reply", ticked)]
    assert "Nothing was ticked" in stage.browser.post("/mailbox/delete", fields).text
    assert acts(stage) == []
    assert "an answer" in stage.browser.open_mailbox(words).text


def test_delete_all_empties_the_mailbox_and_nothing_ticked_deletes_nothing(stage: Stage, words: str) -> None:
    page = stage.browser.open_mailbox(words)
    assert "Nothing was ticked" in press(stage, page, "/mailbox/delete", ("which", "ticked")).text
    assert acts(stage) == []
    press(stage, page, "/mailbox/delete", ("which", "all"))
    assert acts(stage) == [{"act": ["delete"], "reply": [page.hidden("reply")]}]
    assert "no answer here now" in stage.browser.open_mailbox(words).text


def test_delete_all_deletes_no_answer_that_came_since_the_page_was_shown(stage: Stage, words: str) -> None:
    mailbox = stage.read_one().mailbox
    page = stage.browser.open_mailbox(words)
    stage.reply("only just here", mailbox)
    press(stage, page, "/mailbox/delete", ("which", "all"))
    left = stage.browser.open_mailbox(words).text
    assert "only just here" in left
    assert "an answer" not in left


def test_delete_all_deletes_also_what_did_not_fit_on_the_page_as_that_says_how_many_these_are(
    stage: Stage, words: str
) -> None:
    for number in range(14):
        stage.reply(f"number {number}", stage.read_one().mailbox)
    page = stage.browser.open_mailbox(words)
    assert page.text.count("<article>") == 12
    assert "3 older answers do not fit" in page.text
    press(stage, page, "/mailbox/delete", ("which", "all"))
    assert "no answer here now" in stage.browser.open_mailbox(words).text
    assert len(acts(stage)[0]["reply"]) == 15


@pytest.mark.parametrize("which", ["all", "ticked"])
def test_a_deletion_that_is_pressed_again_is_told_once_with_what_it_deleted(
    stage: Stage, words: str, which: str
) -> None:
    page = stage.browser.open_mailbox(words)
    fields = (("which", which), ("reply", page.hidden("reply")))
    for _ in "12":
        assert "Deleted" in press(stage, page, "/mailbox/delete", *fields).text
    assert acts(stage) == [{"act": ["delete"], "reply": [page.hidden("reply")]}]


def test_staff_are_told_what_was_deleted_by_a_further_press_where_they_could_not_be_before(
    stage: Stage, words: str
) -> None:
    page = stage.browser.open_mailbox(words)
    with failing_step(Intake, "record_act", Refused(Reason.CLOSED)):
        assert "could not tell" in press(stage, page, "/mailbox/delete", ("which", "all")).text
    assert acts(stage) == []
    press(stage, page, "/mailbox/delete", ("which", "all"))
    assert acts(stage) == [{"act": ["delete"], "reply": [page.hidden("reply")]}]


class ManyReplies:
    """Rows of this number of replies to one mailbox; they cannot be opened, and that is not asked for."""

    def __init__(self, count: int, mailbox: MailboxAddress) -> None:
        salt = bytes(16)
        tag = reply_tag(mailbox.mailbox_id, salt=salt)
        self._tags = {number.to_bytes(16): (salt, tag) for number in range(count)}

    def tags(self) -> list[tuple[bytes, bytes, bytes]]:
        return [(reply_id, *rest) for reply_id, rest in self._tags.items()]

    def rows(self, _reply_ids: Sequence[bytes]) -> list[tuple[bytes, bytes, bytes, bytes]]:
        return []

    def replace(self, rows: Sequence[tuple[bytes, bytes, bytes, bytes]]) -> None:
        for reply_id, salt, tag, _envelope in rows:
            self._tags[reply_id] = salt, tag


def test_more_answers_than_an_act_can_name_are_deleted_when_the_mailbox_is_opened_again(
    stage: Stage, words: str
) -> None:
    most, mailbox = service._MOST_AT_ONCE, stage.read_one().mailbox
    mailboxes = MailboxService(
        replies=ManyReplies(most + 2, mailbox),
        derivation=stage.policy.derivation,
        derivations=KdfQueue(),
        sessions=Sessions(),
        intake=stage.site.app.extensions["tipline"].intake,
        line=RateLimit(),
        padding=TimingPadding(),
    )
    for left in (most + 2, 2, 0):
        session = mailboxes.open(words, circuit=NO_CIRCUIT).session
        assert len(session.replies) == left
        if left:
            assert mailboxes.delete(session, Nonce.generate(), session.replies, circuit=NO_CIRCUIT)
    assert sorted(len(act["reply"]) for act in acts(stage)) == [2, most]


@pytest.mark.parametrize("step", ["tags", "replace"])
@pytest.mark.parametrize("fault", [StoreBroken("broken"), MemoryError()])
def test_staff_are_told_of_danger_though_the_answers_cannot_be_looked_through_or_the_system_gives_no_memory_for_it(
    stage: Stage, words: str, step: str, fault: Exception
) -> None:
    page = stage.browser.open_mailbox(words)
    with failing_step(stage.store.replies, step, fault):
        assert press(stage, page, "/mailbox/how", ("how", "not-safe")).status == 200
    assert acts(stage) == [{"act": ["not-safe"]}]


@pytest.mark.parametrize("how", ["safe", "not-safe"])
def test_how_a_source_is_reaches_staff_once_and_in_the_smallest_size(stage: Stage, words: str, how: str) -> None:
    page = stage.browser.open_mailbox(words)
    for _ in "12":
        assert press(stage, page, "/mailbox/how", ("how", how)).status == 200
    assert acts(stage) == [{"act": [how]}]
    assert {stored.length for stored in stage.store.submissions.waiting()} == {SMALLEST_BYTES}


def test_a_way_to_be_that_nobody_offered_is_refused(stage: Stage, words: str) -> None:
    page = stage.browser.open_mailbox(words)
    assert press(stage, page, "/mailbox/how", ("how", "canary")).status == 400


def test_someone_may_have_my_words_gives_new_words_and_leaves_nothing_under_the_old_ones(
    stage: Stage, words: str
) -> None:
    old = next(iter(stage.read_all())).mailbox
    page = stage.browser.open_mailbox(words)
    fresh, pressed_again = (press(stage, page, "/mailbox/new-words") for _ in "12")
    assert fresh.words != words
    assert pressed_again.words == fresh.words
    (act,) = acts(stage)
    assert act["act"] == ["words-known"]
    new = MailboxAddress.parse(bytes.fromhex(act["mailbox"][0]))
    assert new != old
    assert "no answer here now" in stage.browser.open_mailbox(words).text
    stage.reply("to the new words", new)
    assert "to the new words" in stage.browser.open_mailbox(fresh.words).text
    assert {one.mailbox for one in stage.read_all()} == {old}


@contextmanager
def failing(stage: Stage, *, before: str) -> Iterator[None]:
    """A store that fails at this statement."""
    with stage.store._small.transaction() as small:
        small.execute(f"CREATE TRIGGER fails BEFORE {before} BEGIN SELECT raise(ABORT, 'on purpose'); END")
    try:
        yield
    finally:
        with stage.store._small.transaction() as small:
            small.execute("DROP TRIGGER fails")


@pytest.mark.parametrize(
    ("before", "is_deleted"),
    [
        pytest.param("UPDATE ON replies", False, id="at the deleting"),
        pytest.param("UPDATE ON submissions", True, id="at the telling"),
    ],
)
def test_a_store_that_fails_tells_staff_of_no_new_words_and_another_press_gives_them(
    stage: Stage, words: str, before: str, is_deleted: bool
) -> None:
    """Staff answer nothing to the old words once they are told, and no one had the new ones."""
    page = stage.browser.open_mailbox(words)
    with failing(stage, before=before):
        refused = press(stage, page, "/mailbox/new-words")
        assert (refused.status, refused.words, acts(stage)) == (503, "", [])
        assert ("an answer" in stage.other_browser().open_mailbox(words).text) is not is_deleted
    fresh = press(stage, refused, "/mailbox/new-words")
    assert fresh.words
    assert fresh.words != words
    assert [act["act"] for act in acts(stage)] == [["words-known"]]
    assert "no answer here now" in stage.browser.open_mailbox(words).text


def test_new_words_that_could_not_be_drawn_are_shown_by_another_press(stage: Stage, words: str) -> None:
    page = stage.browser.open_mailbox(words)
    with failing_step(receipt, "page", MemoryError()):
        undrawn = press(stage, page, "/mailbox/new-words")
    assert (undrawn.status, undrawn.words) == (503, "")
    fresh = press(stage, undrawn, "/mailbox/new-words")
    (act,) = acts(stage)
    stage.reply("to the new words", MailboxAddress.parse(bytes.fromhex(act["mailbox"][0])))
    assert "to the new words" in stage.browser.open_mailbox(fresh.words).text


def test_new_words_are_refused_while_intake_is_closed_and_nothing_is_deleted(stage: Stage, words: str) -> None:
    page = stage.browser.open_mailbox(words)
    day, stage.clock.day = stage.clock.day, stage.clock.day.replace(year=2030)
    assert press(stage, page, "/mailbox/new-words").status == 503
    stage.clock.day = day
    assert "an answer" in stage.browser.open_mailbox(words).text
    assert acts(stage) == []


def test_deleting_works_while_intake_is_closed(stage: Stage, words: str) -> None:
    page = stage.browser.open_mailbox(words)
    stage.clock.day = stage.clock.day.replace(year=2030)
    answer = press(stage, page, "/mailbox/delete", ("which", "all"))
    assert answer.status == 200
    assert "could not tell our team" in answer.text
    assert "no answer here now" in stage.browser.open_mailbox(words).text


def test_the_address_of_the_mailbox_leads_to_the_form_for_the_words(stage: Stage) -> None:
    answer = stage.browser.get("/mailbox")
    assert answer.status == 303
    assert answer.header("Location") == "/return"
