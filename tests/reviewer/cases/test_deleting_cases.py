"""A case is deleted with all of its tips, or not at all; and what a tip leaves behind in lists."""

import datetime as dt

from reviewer.cases.retention import dry_run
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.desk.open_desk import hidden_fields, open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.template_rules import faults

CANARY = "canary-of-a-case-93f1"
LATER = dt.date(2040, 1, 1)


def tips(desk: Desk, count: int) -> list[str]:
    return desk.take_in(
        *(
            desk.server.seal(
                fields=[("text", f"{CANARY} {n}")], mailbox=a_mailbox(n), submission_id=bytes([n]) * 16
            )
            for n in range(1, count + 1)
        )
    )


def held_anywhere(desk: Desk, words: str) -> bool:
    """True if any row of the decrypted casebook holds these words."""
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        small = home.casebook.settings._small
        tables = [row[0] for row in small.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        rows = [row for table in tables for row in small.rows(f"SELECT * FROM {table}")]  # noqa: S608
    return any(words in str(value) for row in rows for value in row)


def test_a_case_goes_with_its_tips_and_those_merged_into_it_or_stays_whole(desk: Desk) -> None:
    first, second, third, other = tips(desk, 4)
    desk.do("case", "new", desk.home, f"{CANARY} farm", first, second)
    desk.do("case", "new", desk.home, "the ship", third)
    desk.do("case", "merge", desk.home, "2", "--into", "1")
    note = desk.folder / "note"
    note.write_text(f"{CANARY} of the team", encoding="utf-8")
    desk.do("case", "note", desk.home, "1", "--text-file", note)
    assert "nothing was deleted" in (desk.do("case", "delete", desk.home, "1"), desk.err)[1]
    desk.do("hold", desk.home, third, "--because", "a hearing")
    assert desk.run("case", "delete", desk.home, "1", "--because", "asked") == 1
    assert "on hold" in desk.err
    assert len(desk.submissions()) == 4
    desk.do("unhold", desk.home, third)
    desk.do("delete", desk.home, other, "--because", "junk")
    assert held_anywhere(desk, CANARY)
    desk.do("case", "delete", desk.home, "1", "--because", "asked")
    assert desk.submissions() == []
    assert desk.json("case", "list", desk.home)["cases"] == []
    assert not held_anywhere(desk, CANARY)
    assert desk.do("log", "show", desk.home).count("case deleted") == 1
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert len(home.casebook.proposals.ours()) == 4


def test_the_desk_asks_once_more_and_names_what_goes(desk: Desk) -> None:
    (tip,) = tips(desk, 1)
    desk.do("case", "new", desk.home, "farm", tip)
    with open_desk(desk.home) as opened:
        assert "/case/1/delete" in opened.page("/case/1")
        asked = opened.page("/case/1/delete")
        assert tip in asked
        assert "gone for good: 1 tip of this case, with its files" in asked
        assert not faults(asked, source=False)
        assert opened.delete("/case/1/delete", because="boredom").status_code == 422
        assert len(opened.desk_session.home.casebook.submissions.all()) == 1
        in_spanish = opened.done("/language", tag="es", page="/case/1/delete")
        assert "gone for good" not in in_spanish
        assert "se borra para siempre: 1 aviso" in seen(in_spanish).replace("\u2068", "").replace("\u2069", "")
        assert opened.delete("/case/1/delete", because="asked").status_code == 303
        assert "farm" not in seen(opened.page("/cases"))
        assert opened.desk_session.home.casebook.submissions.all() == []


def test_a_case_with_a_message_that_came_after_its_page_stays_whole(desk: Desk) -> None:
    (tip,) = tips(desk, 1)
    desk.do("case", "new", desk.home, "farm", tip)
    later = desk.server.seal(fields=[("text", "two more")], mailbox=a_mailbox(1), submission_id=b"9" * 16)
    bundle = desk.write(desk.server.submissions(later))
    told = (desk.run("case", "delete", desk.home, "1"), desk.err)[1]
    code = told.partition("--code ")[2].split()[0]
    with open_desk(desk.home) as opened:
        fields = hidden_fields(opened.page("/case/1/delete"))
        assert opened.post("/rounds/import", file=str(bundle)).status_code == 200
        for stale in (fields, {}):
            refused = opened.post("/case/1/delete", **stale, because="asked")
            assert refused.status_code == 422
            assert "this has changed since it was shown" in refused.text
        assert "gone for good: 2 tips of this case" in refused.text
    assert desk.run("case", "delete", desk.home, "1", "--because", "asked", "--code", code) == 1
    assert "this has changed since it was shown" in desk.err
    assert len(desk.submissions()) == 2
    with open_desk(desk.home) as opened:
        assert opened.delete("/case/1/delete", because="asked").status_code == 303
        assert opened.desk_session.home.casebook.submissions.all() == []


def test_a_rule_for_a_status_of_the_inbox_finds_exactly_its_tips(desk: Desk) -> None:
    opened, in_work, waiting, closed, put_away = tips(desk, 5)
    desk.do("mark", desk.home, in_work, "--status", "in work")
    desk.do("mark", desk.home, waiting, "--status", "waiting")
    desk.do("mark", desk.home, closed, "--status", "closed", "--reason", "passed on")
    desk.do("archive", desk.home, put_away)
    expected = {
        "open": {opened},
        "in work": {in_work},
        "waiting": {waiting},
        "closed": {closed},
        "archived": {closed, put_away},
    }
    for status, due in expected.items():
        desk.do("retention", desk.home, "--keep", "30", "--status", status)
        with open_home(desk.home, entry=SecretEntry(None)) as home:
            assert {one.submission.short_id for one in dry_run(home, today=LATER).tips} == due, status
        desk.do("retention", desk.home, "--remove", "1")


def test_a_tip_that_leaves_the_bin_has_the_row_and_the_marks_that_it_had(desk: Desk) -> None:
    first, _other = tips(desk, 2)
    desk.do("mark", desk.home, first, "--label", "farm", "--star", "--status", "waiting", "--due", "2031-01-01")
    before = desk.json("list", desk.home)
    desk.do("bin", desk.home, "--put", first)
    assert len(desk.submissions()) == 1
    desk.do("bin", desk.home, "--back", first)
    assert desk.json("list", desk.home) == before
    # After the last tip of a thread is gone for good, nothing says that it was there.
    desk.do("delete", desk.home, first, "--because", "asked")
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        small = home.casebook.settings._small
        assert small.rows("SELECT count(*) FROM inbox_threads") == [(1,)]
        assert small.rows("SELECT count(*) FROM inbox_labels") == [(0,)]
