"""A conversation without forms, and the numbers for the team."""

from pathlib import Path

from tests.fakes_server import a_mailbox
from tests.reviewer.desk.open_desk import open_desk, seen, ticks
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.test_evidence import a_tip
from tests.reviewer.linking.invented_tips import findings, kept, tell
from tests.reviewer.linking.test_masking import harmed_person

HOSTILE = "Before\x1b[2Jafter\u202etxt.exe"


def answered(desk: Desk, short_id: str) -> None:
    path = desk.folder / "answer"
    path.write_text("We can meet you.")
    desk.do("reply", desk.home, short_id, "--text-file", path)


def test_a_transcript_has_the_whole_conversation_with_controls_named_and_no_mailbox(desk: Desk) -> None:
    (short_id,) = desk.take_in(
        desk.server.seal(
            fields=[("text", HOSTILE), ("language", "tl")], files=[("a\u202eb.jpg", "", b"x")], mailbox=a_mailbox()
        )
    )
    answered(desk, short_id)
    printed = desk.do("transcript", desk.home, short_id)
    assert "Before<U+001B>[2Jafter<U+202E>txt.exe" in printed
    assert "We can meet you." in printed
    assert "a<U+202E>b.jpg" in printed
    assert not {"\x1b", "\u202e"} & set(printed)
    assert desk.show(short_id)["mailbox"] not in printed
    assert "tl" not in printed.split()


def test_the_page_to_print_has_no_form_and_no_control_character(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", HOSTILE)], mailbox=a_mailbox()))
    answered(desk, short_id)
    with open_desk(desk.home) as browser:
        page = browser.page(f"/tip/{short_id}/print")
    main = page.partition("<main")[2]
    assert "<form" not in main
    assert "We can meet you." in main
    assert "U+001B" in main
    assert not {"\x1b", "\u202e"} & set(page)
    assert "mailbox" not in seen(main)


def test_words_of_a_harmed_person_are_printed_with_a_reason_only(desk: Desk) -> None:
    tip, person, number = harmed_person(desk)
    name, phone = person.replace("E", "P"), number.replace("E", "P")
    note = desk.folder / "note"
    note.write_text("Nadja: +44 (0)7700-900123 called, not +44 7700 900456")
    (other,) = kept(desk, findings(desk, tell(desk, "call +44 7700 900456", mailbox=2))[0]["finding"])
    desk.do("entities", "close", desk.home, other)
    desk.do("note", desk.home, tip, "--text-file", note)
    transcript = ("transcript", desk.home, tip)
    plain = desk.do(*transcript, "--notes", "--mask", "called")
    assert "[#1] is locked up, her number is +[#2]" in plain
    assert "[#1]: +[#3] [#4]" in plain
    assert f"words of {name} are masked (1)" in desk.err
    assert desk.run(*transcript, "--with", name, " ") == 1
    assert f"what is masked as {name} leaves only with a reason" in desk.err
    assert "Nadja is locked up, her number is +[#1]" in desk.do(*transcript, "--with", name, "court")
    assert [one["masked"] for one in [desk.json(*transcript)]] == [[name, phone]]
    with open_desk(desk.home) as browser:
        page = seen(browser.page(f"/tip/{tip}/print?notes=yes").partition("<main")[2])
        assert "[#1] is locked up, her number is +[#2]" in page
        assert f"Words of these are masked: {name}, {phone}, {other}." in page
        assert "A mark like [#1] stands in place of a word" in page
        assert "Nadja" not in page
        form = browser.page(f"/tip/{tip}/print/masks")
        assert ticks(form, "unmask") == [person[2:], number[2:], other[2:]]
        # The other person stands in the notes only, and these are not printed: no reason is needed.
        fields = {"unmask": [person[2:], other[2:]], "more_masks": "locked"}
        refused = browser.post(f"/tip/{tip}/print", **fields)
        assert refused.status_code == 422
        assert f"what is masked as {name} leaves only with a reason" in seen(refused.text)
        printed = browser.post(f"/tip/{tip}/print", **fields, **{f"because-{person[2:]}": "her lawyer"}).text
        assert "Nadja is [#1] up, her number is +[#2]" in seen(printed)
        assert "her lawyer" not in printed
        assert "<form" not in printed.partition("<main")[2]
        looks = seen(browser.post(f"/entity/{person[2:]}/open", because="to read the reasons").text)
        assert "court" in looks
        assert "her lawyer" in looks
    acts = [(one["act"], one["subject"]) for one in desk.json("log", "show", desk.home)]
    assert acts.count(("masked words leave", name)) == 2


def numbers_of(desk: Desk, *options: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = desk.json("numbers", desk.home, *options)
    return found


def test_numbers_count_conversations_and_are_for_the_team(desk: Desk, tmp_path: Path) -> None:
    first, *_others = (a_tip(desk, number, []) for number in (1, 2, 3))
    desk.take_in(desk.server.seal(fields=[("text", "More."), ("language", "bn")], submission_id=b"4" * 16))
    answered(desk, first)
    found = numbers_of(desk)
    assert found["conversations"] == 4
    assert found["language"] == {"bn": 1, "tl": 3}
    assert found["danger"] == {"danger": 3, "no danger said": 1}
    assert found["status"] == {"open": 4}
    assert found["first answer"]["not yet"] == 2
    with open_desk(desk.home) as browser:
        page = browser.page("/numbers")
    assert "For the team only" in seen(page)
    assert "4 conversations" in seen(page)
    assert '<meter min="0" max="100" value="33" aria-label="bn: 1">' in page
