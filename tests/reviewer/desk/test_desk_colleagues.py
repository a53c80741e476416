"""Two reviewers at their desks: who answers, what the other said, and files from laptop to laptop."""

import datetime as dt
import hashlib

import pytest

from system.clock import today
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk.open_desk import form_fields, open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.template_rules import faults

HOSTILE = "<b>bold</b>\x1b[31m\u202e"


class Pair:
    """Both desks, with one tip; ``owner`` and ``other`` are homes by who owns its conversation."""

    def __init__(self, desk: Desk, second: Colleague) -> None:
        envelope = desk.server.seal(fields=[("text", "a tip")], mailbox=a_mailbox())
        file = desk.write(desk.server.submissions(envelope))
        for one in (desk, second):
            one.do("import", one.home, file)
        self.tip = hashlib.sha256(envelope).hexdigest()[:12]
        self.name = str(desk.json("owner", desk.home, self.tip)["owner"])
        pair = (desk, second) if self.name != "second" else (second, desk)
        self.owner, self.other = pair
        self.founder = desk
        self.file = desk.folder / "for-colleagues"

    def carry(self, sender: Desk, receiver: Desk) -> None:
        """From one desk to the other, by the buttons of their rounds pages."""
        with open_desk(sender.home) as opened:
            assert (
                "The file for colleagues is written" in opened.post("/rounds/share-write", file=str(self.file)).text
            )
        with open_desk(receiver.home) as opened:
            assert (
                "changes of colleagues are new here" in opened.post("/rounds/share-read", file=str(self.file)).text
            )


@pytest.fixture
def pair(desk: Desk, second: Colleague) -> Pair:
    return Pair(desk, second)


def test_an_answer_of_another_than_the_owner_needs_a_second_press_that_names_the_owner(pair: Pair) -> None:
    with open_desk(pair.other.home) as opened:
        asked = opened.try_to_answer(pair.tip, "Meet at the station")
        assert asked.status_code == 409
        assert f"Answer instead of {pair.name}?" in asked.text
        assert "Meet at the station" in asked.text
        assert not faults(asked.text, source=False)
        assert opened.desk_session.home.casebook.replies.waiting() == 0
        fields = form_fields(asked.text)
        assert opened.post(f"/tip/{pair.tip}/reply/seal", **fields | {"instead_of": "third"}).status_code == 409
        changed = opened.post(f"/tip/{pair.tip}/reply/seal", **fields | {"instead_of": pair.name, "text": "Meet"})
        assert "The source will see this" in changed.text, "another text is shown first"
        assert opened.desk_session.home.casebook.replies.waiting() == 0
        done = opened.done(f"/tip/{pair.tip}/reply/seal", **fields | {"instead_of": pair.name})
        assert "Our reply" in done
        assert opened.desk_session.home.casebook.replies.waiting() == 1
    with open_desk(pair.owner.home) as opened:
        opened.answer(pair.tip, "The owner is not asked")


def test_before_an_answer_the_desk_shows_what_colleagues_said_and_when_they_were_heard_from(pair: Pair) -> None:
    with open_desk(pair.other.home) as opened:
        before = seen(opened.page(f"/tip/{pair.tip}"))
        assert f"{pair.name}: never heard from here" in before
        assert "no colleague has answered this source" in before
    with open_desk(pair.owner.home) as opened:
        opened.answer(pair.tip, f"Meet at the library {HOSTILE}")
        opened.done(f"/tip/{pair.tip}/note", text="She called twice")
    pair.carry(pair.owner, pair.other)
    with open_desk(pair.other.home) as opened:
        page = opened.page(f"/tip/{pair.tip}")
        assert not faults(page, source=False)
        assert "\x1b" not in page
        assert "<b>bold" not in page
        words = seen(page)
        assert f"Reply of {pair.name}" in words
        assert f"Last answer of {pair.name}" in words
        assert f"{pair.name}: last heard from" in words
        assert f"Note of {pair.name}" in words
        assert "library" in opened.post("/search", words="library").text
        assert pair.name in opened.page("/rounds")


def test_a_preview_that_was_open_while_something_new_came_is_shown_again_with_it(pair: Pair) -> None:
    more = pair.founder.server.seal(
        fields=[("text", "not the station")], mailbox=a_mailbox(), submission_id=b"2" * 16
    )
    bundle = pair.founder.write(pair.founder.server.submissions(more))
    with open_desk(pair.other.home) as opened:
        asked = opened.try_to_answer(pair.tip, "Wait for our word")
        opened.done(f"/tip/{pair.tip}/reply/seal", **form_fields(asked.text) | {"instead_of": pair.name})
    pair.other.do("share", "write", pair.other.home, pair.file)
    with open_desk(pair.owner.home) as opened:
        seal = f"/tip/{pair.tip}/reply/seal"
        shown = opened.post(f"/tip/{pair.tip}/reply", text="Come to us").text
        for path, file in (("/rounds/share-read", pair.file), ("/rounds/import", bundle)):
            assert opened.post(path, file=str(file)).status_code == 200
            again = opened.post(seal, **form_fields(shown))
            assert again.status_code == 200
            assert "something new came into this conversation" in again.text
            assert "Wait for our word" in again.text
            assert not faults(again.text, source=False)
            shown = again.text
        assert opened.desk_session.home.casebook.replies.waiting() == 0
        assert "Our reply" in opened.done(seal, **form_fields(shown))


def test_a_conversation_is_taken_over_and_the_former_owner_is_asked_from_then_on(pair: Pair) -> None:
    other = "second" if pair.name != "second" else "reviewer"
    with open_desk(pair.other.home) as opened:
        assert f"answered by {other} (you)" in seen(opened.done(f"/tip/{pair.tip}/owner", owner=other))
        opened.answer(pair.tip, "Now it is mine")
        assert opened.post(f"/tip/{pair.tip}/owner", owner="third").status_code == 422
    pair.carry(pair.other, pair.owner)
    with open_desk(pair.owner.home) as opened:
        asked = opened.try_to_answer(pair.tip, "What I would have said")
        assert asked.status_code == 409
        assert "Now it is mine" in seen(asked.text)


def test_two_states_at_once_are_shown_to_both_until_one_changes_it_again(pair: Pair) -> None:
    with open_desk(pair.owner.home) as opened:
        opened.done(f"/tip/{pair.tip}/aside")
    with open_desk(pair.other.home) as opened:
        opened.done(f"/tip/{pair.tip}/aside")
        opened.done(f"/tip/{pair.tip}/aside", undo="yes")
    pair.carry(pair.owner, pair.other)
    pair.carry(pair.other, pair.owner)
    for one in (pair.owner, pair.other):
        with open_desk(one.home) as opened:
            words = seen(opened.page(f"/tip/{pair.tip}"))
        assert "Changed by several reviewers at once" in words
        assert "It counts as no" in words, "the later one of both counts, at both"
    with open_desk(pair.owner.home) as opened:
        opened.done(f"/tip/{pair.tip}/aside")
        assert "at once" not in seen(opened.page(f"/tip/{pair.tip}"))


def test_two_owners_named_at_once_are_shown_to_both_and_one_more_word_ends_it(pair: Pair) -> None:
    with open_desk(pair.owner.home) as opened:
        opened.done(f"/tip/{pair.tip}/owner", owner="second")
        opened.done(f"/tip/{pair.tip}/owner", owner="reviewer")
    with open_desk(pair.other.home) as opened:
        opened.done(f"/tip/{pair.tip}/owner", owner="reviewer")
        opened.done(f"/tip/{pair.tip}/owner", owner="second")
    pair.carry(pair.owner, pair.other)
    pair.carry(pair.other, pair.owner)
    told = []
    for one in (pair.owner, pair.other):
        with open_desk(one.home) as opened:
            page = seen(opened.page(f"/tip/{pair.tip}"))
        assert "Two reviewers took this conversation at once: reviewer, second" in page
        told.append(one.json("owner", one.home, pair.tip)["owner"])
    assert told[0] == told[1]
    with open_desk(pair.owner.home) as opened:
        assert "at once" not in seen(opened.done(f"/tip/{pair.tip}/owner", owner="second"))
    pair.carry(pair.owner, pair.other)
    assert pair.other.json("owner", pair.other.home, pair.tip) == {
        "owner": "second",
        "assigned": True,
        "conflict": [],
    }


def test_a_colleague_s_answer_ends_the_waiting_here_and_taken_back_it_waits_again(pair: Pair) -> None:
    def state() -> tuple[bool, bool]:
        told = pair.other.show(pair.tip)["state"]
        return told["waits_for_us_since"] is not None, told["answered"]

    assert state() == (True, False)
    with open_desk(pair.owner.home) as opened:
        opened.answer(pair.tip, "We read it")
    pair.carry(pair.owner, pair.other)
    assert state() == (False, True)
    with open_desk(pair.owner.home) as opened:
        opened.done(f"/tip/{pair.tip}/reply/take-back")
    pair.carry(pair.owner, pair.other)
    assert state() == (True, False)
    with open_desk(pair.owner.home) as opened:
        opened.answer(pair.tip, "We read it twice")
    pair.carry(pair.owner, pair.other)
    later = pair.founder.server.seal(
        fields=[("text", "more")], mailbox=a_mailbox(), submission_id=b"9" * 16, day=today() + dt.timedelta(days=1)
    )
    pair.other.do("import", pair.other.home, pair.founder.write(pair.founder.server.submissions(later)))
    assert state() == (True, False)


def test_lists_name_owners_and_have_a_list_of_one_s_own_only_where_there_are_colleagues(
    pair: Pair, desk: Desk
) -> None:
    with open_desk(pair.owner.home) as opened:
        page = opened.page("/")
        assert 'class="mark owner"' in page
        assert "which=mine" in page
    alone = desk.beside(desk.folder / "alone")
    alone.found()
    (alone.folder / "text").write_text("A call.", encoding="utf-8")
    alone.do("telephone", alone.home, "--by", "Amal", "--text-file", alone.folder / "text")
    with open_desk(alone.home) as opened:
        page = opened.page("/")
        assert 'class="id"' in page
        assert 'class="mark owner"' not in page
        assert "which=mine" not in page
