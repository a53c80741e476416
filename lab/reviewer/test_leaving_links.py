"""Links in evidence packages that are written: what is in one, and what of a protected person is not."""

import json
import re
from pathlib import Path

from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.conftest import memory  # noqa: F401 -- a fixture
from tests.reviewer.leaving.test_evidence import all_bytes
from tests.reviewer.leaving.test_leaving_links import AGAINST, HER, REASON, a_link
from tests.reviewer.linking.invented_tips import kept_person, tell

READABLE = ("--readable", "readable", "--for", "Court")


def test_a_link_is_in_a_package_only_where_it_was_named_with_nothing_of_a_tip_that_stays(
    desk: Desk,
    memory: Path,  # noqa: F811
) -> None:
    first, second, _one = a_link(desk)
    told = desk.do("evidence", desk.home, first)
    assert "link D-1  Decision: D-1: E-1 and E-2 are the same" in told
    assert f"link D-1  What spoke against: {AGAINST}" in told
    desk.leave("evidence", desk.home, first, "--passages", "all", *READABLE, "--out", memory / "without")
    assert REASON.encode() not in all_bytes(memory / "without")
    assert "links" not in json.loads((memory / "without" / "manifest.json").read_text())
    wrong = ("evidence", desk.home, first, "--link", "D-2", *READABLE, "--out", memory / "no")
    assert desk.run(*wrong, "--code", desk.code_of(*wrong)) == 1
    assert "links must be among the 1 of the preview" in desk.err
    desk.leave("evidence", desk.home, first, "--link", "d-1", *READABLE, "--out", memory / "with")
    content = all_bytes(memory / "with").decode(errors="replace")
    for words in (REASON, AGAINST, f"tip {first}: {HER}", "in a tip that is not in this package"):
        assert words in " ".join(content.split()), words
    for hidden in (second, "farm", "harbour"):
        assert hidden not in content, hidden
    (link,) = json.loads((memory / "with" / "manifest.json").read_text())["links"]
    assert link["decision"] == "D-1"
    assert {"label": "Decided by", "text": "reviewer"} in link["rows"]
    line = next(one for one in reversed(desk.json("log", "show", desk.home)) if one["act"] == "evidence")
    assert line["subject"].startswith(f"{first} D-1 for Court")


def test_a_protected_person_leaves_in_a_link_without_words_and_a_closed_one_is_in_none(
    desk: Desk,
    memory: Path,  # noqa: F811
) -> None:
    first, second, one = a_link(desk)
    desk.do("entities", "role", desk.home, one, first, "harmed")
    told = desk.do("evidence", desk.home, first, second).partition("  link ")[2]
    desk.leave("evidence", desk.home, first, second, "--link", "D-1", *READABLE, "--out", memory / "out")
    (link,) = json.loads((memory / "out" / "manifest.json").read_text())["links"]
    for shown in (told, json.dumps(link)):
        assert "P-1 and P-2 are the same" in shown
        assert f"tip {second}: protected" in shown
        for hidden in ("Qorvell", REASON, AGAINST, "letters"):
            assert hidden not in shown, hidden
    desk.do("entities", "close", desk.home, one.replace("E", "P"))
    assert "link" not in desk.do("evidence", desk.home, first, second)
    closed = ("evidence", desk.home, first, "--link", "D-1", *READABLE, "--out", memory / "no")
    assert desk.run(*closed, "--code", desk.code_of(*closed)) == 1


def test_a_masked_word_is_masked_in_a_link_also_where_only_a_part_of_it_is_the_passage(
    desk: Desk,
    memory: Path,  # noqa: F811
) -> None:
    _first, second, _one = a_link(desk)
    surname = kept_person(desk, tell(desk, "Qorvell has a knife", mailbox=3), "Qorvell")
    third = desk.json("findings", "list", desk.home)["findings"][0]["tip"]
    desk.do("links", "decide", desk.home, "E-2", surname, "unsure", "--because", f"as {HER} says")
    masks = ("--mask", f"{HER} is", "--mask", "Qorvell has", "--mask", HER)
    ticked = ("--passages", f"{second}:all", "--passages", f"{third}:all", "--link", "D-2")
    desk.leave("evidence", desk.home, second, third, *ticked, *masks, *READABLE, "--out", memory / "out")
    content = all_bytes(memory / "out")
    assert b"Qorvell" not in content
    (link,) = json.loads((memory / "out" / "manifest.json").read_text())["links"]
    said = {row["label"]: row["text"] for row in link["rows"]}
    assert re.fullmatch(rf"tip {second}: \[#\d\]", said["Passage 1"])
    assert re.fullmatch(rf"tip {third}: \[#\d\]", said["Passage 2"])
    assert re.fullmatch(r"as \[#\d\] says", said["Reason"])
