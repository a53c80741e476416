"""A case goes to another organisation's casebook: its words are compared, and it is imported once."""

from pathlib import Path

import pytest

from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.test_evidence import PHOTO, PROGRAM, a_tip

OTHER = "Example Shelter"


@pytest.fixture
def other(desk: Desk, tmp_path: Path) -> Desk:
    """The desk of another organisation, which has no server yet."""
    made = desk.beside(tmp_path / "other")
    made.do("init", made.home, "--root", made.root, "--organisation", OTHER)
    return made


def key_of(desk: Desk) -> tuple[Path, str]:
    """The key file of a home, and its words."""
    path = desk.folder / "hand-over.key"
    desk.do("hand-over", "key", desk.home, "--out", path)
    return path, desk.json("hand-over", "key", desk.home)["words"]


def handed(desk: Desk, other: Desk, short_id: str, *options: str, name: str = "case.handover") -> Path:
    key, words = key_of(other)
    out = desk.folder / name
    desk.leave(
        *("hand-over", "write", desk.home, short_id, "--to", key, "--words", words, "--told", "agreed"),
        *("--out", out, *(options or ("--fields", "all", "--files", "all"))),
    )
    return out


def test_a_case_opens_at_the_other_organisation_once_and_shows_who_sent_it(desk: Desk, other: Desk) -> None:
    short_id = a_tip(desk)
    case = handed(desk, other, short_id)
    _key, words = key_of(desk)
    other.do("hand-over", "read", other.home, case, "--words", words)
    (listed,) = other.submissions()
    shown = other.show(listed["id"])
    assert shown["handed_over_by"] == "Example Watch"
    assert shown["mailbox"] is None
    assert [one["name"] for one in shown["fields"]] == ["text", "urgent"]
    assert shown["fields"][0]["value"] == desk.show(short_id)["fields"][0]["value"]
    assert "handed over      by Example Watch on" in other.do("show", other.home, listed["id"])
    other.do("save", other.home, listed["id"], "--to", other.folder / "saved", "--on-disk")
    assert (other.folder / "saved" / PHOTO[0]).read_bytes() == PHOTO[2]
    # It is in the search, in a backup, and in the other's own evidence.
    assert other.json("search", other.home, "passports")["submissions"]
    before = other.fingerprint()
    assert other.run("hand-over", "read", other.home, case) == 1
    assert "a case is imported once" in other.err
    assert other.fingerprint() == before
    assert a_mailbox().mailbox_id.to_bytes() not in case.read_bytes()


def test_no_answer_can_be_sealed_to_a_tip_that_was_handed_over(desk: Desk, other: Desk) -> None:
    case = handed(desk, other, a_tip(desk, files=[]))
    other.do("hand-over", "read", other.home, case, "--words", key_of(desk)[1])
    (listed,) = other.submissions()
    text = other.folder / "answer"
    text.write_text("Hello.")
    assert other.run("reply", other.home, listed["id"], "--text-file", text) == 1


def test_the_same_tip_in_a_second_case_is_kept_once(desk: Desk, other: Desk) -> None:
    first, second = a_tip(desk, 1, [PROGRAM]), a_tip(desk, 2, [])
    words = key_of(desk)[1]
    other.do("hand-over", "read", other.home, handed(desk, other, first), "--words", words)
    key, _ = key_of(other)
    both = desk.folder / "both"
    desk.leave(
        *("hand-over", "write", desk.home, first, second, "--to", key, "--told", "must-report", "--out", both),
        *("--fields", f"{first}:all", "--fields", f"{second}:1", "--files", f"{first}:1"),
    )
    assert "1 new tips, 1 known" in other.do("hand-over", "read", other.home, both)
    assert len(other.submissions()) == 2


def test_words_that_differ_and_words_that_were_not_typed_are_refused_at_both_ends(desk: Desk, other: Desk) -> None:
    short_id = a_tip(desk, files=[])
    key, _words = key_of(other)
    out = desk.folder / "case"
    wrong = "unripe nectar childlike casualty hatless nappy flagman"
    shown = desk.code_of("hand-over", "write", desk.home, short_id, "--out", out)
    before = desk.fingerprint()
    for typed, reason in ((["--words", wrong], "others than those that you typed"), ([], "was not compared yet")):
        code = desk.run(
            *("hand-over", "write", desk.home, short_id, "--to", key, "--told", "agreed", "--out", out, *typed),
            *("--fields", f"{short_id}:all", "--code", shown),
        )
        assert (code, out.exists()) == (1, False)
        assert reason in desk.err
    assert desk.json("left", desk.home)["left"] == []
    assert before[1:] == desk.fingerprint()[1:]
    case = handed(desk, other, short_id)
    for typed in (["--words", wrong], []):
        assert other.run("hand-over", "read", other.home, case, *typed) == 1
    assert other.submissions() == []


def test_nothing_is_handed_over_against_what_the_source_was_promised(desk: Desk, other: Desk) -> None:
    short_id = a_tip(desk, files=[])
    key, words = key_of(other)
    shown = desk.code_of("hand-over", "write", desk.home, short_id, "--out", desk.folder)
    for told, reason in (
        ("only-if-you-agree", "no one is told without its yes"),
        ("perhaps", "say what the source"),
    ):
        code = desk.run(
            *("hand-over", "write", desk.home, short_id, "--to", key, "--words", words, "--told", told),
            *("--out", desk.folder / "case", "--code", shown),
        )
        assert code == 1
        assert reason in desk.err
        assert not (desk.folder / "case").exists()


def test_a_case_for_a_third_home_or_with_a_changed_byte_leaves_the_casebook_as_it_was(
    desk: Desk, other: Desk
) -> None:
    case = handed(desk, other, a_tip(desk, files=[PROGRAM]))
    words = key_of(desk)[1]
    third = desk.beside(desk.folder / "third")
    third.do("init", third.home, "--root", third.root, "--organisation", "Example Clinic")
    key_of(third)
    assert third.run("hand-over", "read", third.home, case, "--words", words) == 1
    assert "sealed to another home" in third.err
    content = bytearray(case.read_bytes())
    for at in (200, 1700, len(content) // 2, len(content) - 5):
        changed = bytearray(content)
        changed[at] ^= 1
        case.write_bytes(changed)
        assert other.run("hand-over", "read", other.home, case, "--words", words) == 1, at
        assert other.submissions() == []
        assert other.json("hand-over", "key", other.home)["partners"] == []


def test_the_preview_names_each_field_and_what_was_not_ticked_stays(desk: Desk, other: Desk) -> None:
    short_id = a_tip(desk)
    preview = desk.do("hand-over", "write", desk.home, short_id)
    assert "field 1  text" in preview
    assert "field 2  urgent" in preview
    assert "language" not in preview
    case = handed(desk, other, short_id, "--fields", "2")
    other.do("hand-over", "read", other.home, case, "--words", key_of(desk)[1])
    (listed,) = other.submissions()
    shown = other.show(listed["id"])
    assert [one["name"] for one in shown["fields"]] == ["urgent"]
    assert shown["files"] == []
    (left,) = desk.json("left", desk.home)["left"]
    assert (left["kind"], left["receiver"], left["passages"], left["files"]) == ("hand-over", OTHER, 1, 0)
    assert left["source_was_told"] == "The source agreed to it, in this conversation."
