"""Texts that were changed a little are shown as alike, in scripts with and without blanks; nothing is joined."""

from random import Random

from reviewer.casebook.findings import TextPlace
from reviewer.casebook.text_sketches import LONGEST_LETTERS, TextSketches, pieces_of
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk

OFFER = (
    "Waitresses wanted for a hotel by the sea. Good pay, a room is free, papers are no problem. Write to Marten,"
    " who fetches you by car. He keeps your passport until the debt is paid."
)
CHANGED = OFFER.replace("Marten", "Rolf").replace("a room is free", "A ROOM, AND FOOD, IS FREE!")
OTHER = (
    "My cousin cleans houses near the station and gets no money. The woman who brought her says that she must work"
    " until the spring, and locks the door at night."
)
CHINESE = (
    "招聘酒店服务员，海边工作，工资很高，包吃包住，没有证件也可以，"
    "请联系马先生，他开车来接你，护照由他保管，直到还清债务为止，然后就可以回家了。"
)


def tips(desk: Desk, *texts: str) -> list[str]:
    return desk.take_in(
        *(
            desk.server.seal(fields=[("text", text)], mailbox=a_mailbox(n), submission_id=bytes([n]) * 16)
            for n, text in enumerate(texts, 1)
        )
    )


def alike(desk: Desk, short_id: str) -> dict[str, int]:
    return {one["id"]: one["percent"] for one in desk.show(short_id)["reads_alike"]}


def test_a_text_that_was_changed_a_little_is_shown_and_another_one_is_not(desk: Desk) -> None:
    first, changed, other, chinese, changed_chinese, short, same_short = tips(
        desk, OFFER, CHANGED, OTHER, CHINESE, CHINESE.replace("马先生", "李小姐"), "Help me.", "Help me."
    )
    assert set(alike(desk, first)) == {changed}
    assert 60 < alike(desk, first)[changed] < 100
    assert alike(desk, changed) == {first: alike(desk, first)[changed]}
    assert set(alike(desk, chinese)) == {changed_chinese}
    assert alike(desk, other) == alike(desk, short) == alike(desk, same_short) == {}
    assert f"reads alike      {changed}: " in desk.do("show", desk.home, first)
    with open_desk(desk.home) as opened:
        page = seen(opened.page(f"/tip/{first}"))
        assert "Reads alike" in page
        assert "Nothing is joined." in page
        assert "Reads alike" not in seen(opened.page(f"/tip/{other}"))
    assert desk.json("case", "list", desk.home)["cases"] == []


def test_a_second_message_of_one_mailbox_and_a_deleted_tip_are_not_shown(desk: Desk) -> None:
    first, second = tips(desk, OFFER, CHANGED)
    (again,) = desk.take_in(
        desk.server.seal(fields=[("text", OFFER)], mailbox=a_mailbox(1), submission_id=b"9" * 16)
    )
    assert set(alike(desk, first)) == set(alike(desk, again)) == {second}
    desk.do("delete", desk.home, second, "--because", "asked")
    assert alike(desk, first) == {}
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        (rows,) = home.casebook.settings._small.rows("SELECT count(DISTINCT submission) FROM text_sketches")
    assert rows == (2,)


def test_a_name_that_was_blacked_out_is_in_no_sketch(desk: Desk) -> None:
    (first,) = tips(desk, OFFER)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        casebook = home.casebook
        submission = casebook.submissions.find(first)
        with casebook.changing():
            place = OFFER.index("Marten")
            casebook.redaction.black_out(submission, [(TextPlace("field", 0, 0), place, place + len("Marten"))])
        text = casebook.text_sketches.text(submission.number)
        kept = {row[0] for row in casebook.settings._small.rows("SELECT piece FROM text_sketches")}
    assert "Marten" not in text
    assert kept <= pieces_of(text)


def test_of_a_flood_of_copies_only_so_many_are_compared_and_a_long_text_is_cut(desk: Desk) -> None:
    random = Random("a long text")
    text = "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=2 * LONGEST_LETTERS))
    assert pieces_of(text) == pieces_of(text[:LONGEST_LETTERS])
    (first,) = tips(desk, OFFER)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        sketches = TextSketches(home.casebook.settings._small)
        number = home.casebook.submissions.find(first).number
        pieces = [row[0] for row in sketches._small.rows("SELECT piece FROM text_sketches")]
        with home.casebook.changing():
            sketches._small.run("PRAGMA defer_foreign_keys = ON")
            for copy in range(600):
                for piece in pieces[:9]:
                    sketches._small.run("INSERT INTO text_sketches VALUES (?, ?)", (number + 1 + copy, piece))
            assert len(sketches.candidates(number, most=20)) == 20
            sketches._small.run("DELETE FROM text_sketches WHERE submission > ?", (number,))
