"""The name of a mailbox is made of id and key; one id with two keys is warned of wherever it would be answered."""

import datetime as dt
from pathlib import Path

import pytest

from crypto.keys.keys import SourceSecretKey
from crypto.passphrases.mailbox import MailboxKeys
from crypto.submissions.reply import ReplyRow, open_reply
from reviewer.home.home import open_home
from reviewer.home.mailbox_names import FORMER_DAYS, MailboxNames
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.fakes_server import a_mailbox
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk

TRUE = a_mailbox(1)
FORGER = SourceSecretKey(bytes([77]) * 32)
FORGED = MailboxKeys(TRUE.mailbox_id, FORGER)
ASKED = "It is me again. Whom shall I meet?"
ANSWER = "Tuesday, at the station"
BEFORE = "mailbox_names_since"


def answers(desk: Desk) -> list[ReplyRow]:
    """The real ones, as they wait to leave."""
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        rows = home.casebook._files.small.rows("SELECT sealed_row FROM replies WHERE submission IS NOT NULL")
    return [ReplyRow.parse(row) for (row,) in rows]


def a_forgery(desk: Desk) -> tuple[str, str]:
    """A tip, and one that a server which was taken over has forged: the same mailbox id, and a key of its own."""
    true, forged = desk.take_in(
        desk.server.seal(fields=[("text", "What I saw.")], mailbox=TRUE),
        desk.server.seal(fields=[("text", ASKED)], mailbox=FORGED, submission_id=bytes(16)),
    )
    return true, forged


@pytest.fixture
def answer(desk: Desk) -> Path:
    path = desk.folder / "answer"
    path.write_text(ANSWER, encoding="ascii")
    return path


def test_a_known_id_with_another_key_has_another_name(desk: Desk) -> None:
    true, forged = a_forgery(desk)
    assert desk.show(true)["mailbox"] != desk.show(forged)["mailbox"]


def test_a_forged_key_under_a_known_id_is_warned_of_before_an_answer_is_sealed(desk: Desk, answer: Path) -> None:
    true, forged = a_forgery(desk)
    for one, other in ((true, forged), (forged, true)):
        assert desk.run("reply", desk.home, one, "--text-file", answer) == 1
        assert f"warning: TWO KEYS: under the id of this mailbox another key came as well ({other})" in desk.err
        assert "--despite-two-keys" in desk.err
        assert desk.run("reply", desk.home, one, "--could-not-open") == 1
    assert answers(desk) == []

    desk.do("reply", desk.home, true, "--text-file", answer, "--despite-two-keys")
    assert "warning: TWO KEYS" in desk.err
    (row,) = answers(desk)
    assert open_reply(row, key=TRUE.source_key).text == ANSWER


def test_show_warns_of_two_keys_for_people_and_for_programs(desk: Desk) -> None:
    true, forged = a_forgery(desk)
    assert f"TWO KEYS: under the id of this mailbox another key came as well ({forged})" in desk.do(
        "show", desk.home, true
    )
    assert desk.show(true)["mailbox_other_keys"] == [forged]
    assert desk.show(forged)["mailbox_other_keys"] == [true]


def test_the_desk_warns_of_two_keys_at_the_top_and_where_an_answer_is_written(desk: Desk) -> None:
    true, forged = a_forgery(desk)
    with open_desk(desk.home) as opened:
        page = opened.page(f"/tip/{true}")
        warning = f"Two keys under the id of this mailbox. Another key came with {forged} ."
        assert seen(page).count(warning) == 2
        form = page[page.index(f'action="/tip/{true}/reply"') :]
        assert warning in seen(form)
        opened.answer(true, ANSWER, warned="yes")
    (row,) = answers(desk)
    assert open_reply(row, key=TRUE.source_key).text == ANSWER


def test_an_answer_from_a_page_that_showed_no_warning_is_refused_filled_in(desk: Desk) -> None:
    true, _forged = a_forgery(desk)
    with open_desk(desk.home) as opened:
        refused = opened.post(f"/tip/{true}/reply", text=ANSWER)
        assert refused.status_code == 422
        assert "TWO KEYS" in seen(refused.text)
        assert f"{ANSWER}</textarea>" in refused.text
    assert answers(desk) == []


def former_names_begin(desk: Desk, days_ago: int) -> None:
    day = today() - dt.timedelta(days=days_ago)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        home.casebook.settings.set(BEFORE, day.isoformat())


def test_a_home_of_an_older_program_shows_the_names_of_before_beside_the_new_ones_for_sixty_days(
    desk: Desk,
) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "What I saw.")], mailbox=TRUE))
    new = desk.show(short_id)["mailbox"]
    everything = {key: value for key, value in desk.show(short_id).items() if key != "mailbox_before"}
    # As an older program left it, which kept no such day.
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        home.casebook.settings.forget(BEFORE)

    former = desk.show(short_id)["mailbox_before"]
    assert (new, former) == ("potoz-ripot-mokim", "babot-jalav-lohuz"), "names on paper never change"
    for days_ago in (0, FORMER_DAYS - 2):  # midnight may come between
        former_names_begin(desk, days_ago)
        assert f"{new} (before: {former})" in desk.do("show", desk.home, short_id)
        assert f"{new} (before: {former})" in desk.do("list", desk.home)
        assert desk.submissions()[0]["mailbox_before"] == former
        with open_desk(desk.home) as opened:
            assert f"{new} (before: {former})" in seen(opened.page("/"))
            assert f"Your answer to {new} (before: {former})" in seen(opened.page(f"/tip/{short_id}"))

    former_names_begin(desk, FORMER_DAYS)
    assert desk.show(short_id)["mailbox_before"] is None
    assert former not in desk.do("show", desk.home, short_id) + desk.do("list", desk.home)
    with open_desk(desk.home) as opened:
        assert former not in opened.page("/") + opened.page(f"/tip/{short_id}")
    kept = {key: value for key, value in desk.show(short_id).items() if key != "mailbox_before"}
    assert kept == everything


def test_the_sixty_days_are_counted_from_the_day_of_the_upgrade(desk: Desk) -> None:
    first = dt.date(2026, 11, 29)
    address = TRUE.address().to_bytes()
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        home.casebook.settings.set(BEFORE, first.isoformat())
        shown = [
            MailboxNames(home.casebook, today=first + dt.timedelta(days=days)).former(address) is not None
            for days in (0, 1, 59, 60, 400)
        ]
    assert shown == [True, True, True, False, False]


def test_the_day_is_kept_once_and_a_new_home_has_no_former_names(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=TRUE))
    assert desk.show(short_id)["mailbox_before"] is None, "this home was made by this program"
    former_names_begin(desk, 12)
    desk.do("list", desk.home)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        kept = home.casebook.settings.get(BEFORE)
    assert kept == (today() - dt.timedelta(days=12)).isoformat()
