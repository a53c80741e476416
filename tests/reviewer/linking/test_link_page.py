"""The page of a link: who decided, when, on which passages, by which program, and what spoke against."""

from reviewer.linking.link_decisions import program_version
from system.clock import today
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import kept_person, tell
from tests.template_rules import faults


def decided(desk: Desk, *, mailbox: int = 2) -> tuple[str, str]:
    first = tell(desk, "they call her Nadja, of the harbour")
    second = tell(desk, "Nadja <b>again</b>, by the farm", mailbox=mailbox)
    one, other = (kept_person(desk, tip, "Nadja") for tip in (first, second))
    desk.do("links", "decide", desk.home, one, other, "same", "--because", "same scar", "--against", "another town")
    return first, one


def test_a_page_names_person_day_program_reason_passages_and_what_spoke_against(desk: Desk) -> None:
    first, _one = decided(desk)
    told = desk.do("links", "show", desk.home, "D-1")
    for words in (
        "D-1: E-1 and E-2 are the same", "reviewer", today().isoformat(), f"tipline {program_version()}",
        "same scar", "another town",
        f"tip {first}, text 1, letters 15 to 19: …they call her [Nadja], of the harbour",
    ):  # fmt: skip
        assert words in told
    shown = desk.json("links", "show", desk.home, "D-1")
    assert [one["words"] for one in shown["passages"]] == ["Nadja", "Nadja"]
    assert shown["stands"] is True
    desk.do("links", "undo", desk.home, "D-1", "--because", "another person")
    told = desk.do("links", "show", desk.home, "D-1")
    assert "Undone by" in told
    assert "another person" in told
    assert "no: it was undone" in told
    assert desk.run("links", "show", desk.home, "D-2") == 1
    assert "is no decision on two entities" in desk.err


def test_one_mailbox_is_one_witness_and_a_protected_person_needs_a_reason(desk: Desk) -> None:
    first, one = decided(desk, mailbox=1)
    assert "all passages come from one mailbox: that is one witness" in desk.do("links", "show", desk.home, "D-1")
    desk.do("entities", "role", desk.home, one, first, "harmed")
    told = desk.do("links", "show", desk.home, "D-1")
    assert not {word for word in ("Nadja", "same scar", "another town", "letters") if word in told}
    shown = desk.json("links", "show", desk.home, "D-1")["passages"]
    assert {each[key] for each in shown for key in ("words", "first", "length")} == {None}
    both = ("--with", "P-1", "call of the court", "--with", "P-2", "the same person")
    assert desk.run("links", "show", desk.home, "D-1", *both, "--with", "P-9", "a slip of the hand") == 1
    assert "E-9 is not hidden here" in desk.err
    assert "same scar" in desk.do("links", "show", desk.home, "D-1", *both)
    assert any(line["act"] == "entity opened" for line in desk.json("log", "show", desk.home))


def test_the_page_at_the_desk_is_to_be_printed_and_masks_a_protected_person(desk: Desk) -> None:
    first, one = decided(desk)
    with open_desk(desk.home) as opened:
        assert "/decision/1" in opened.page("/entity/1")
        page = opened.page("/decision/1")
        assert "&lt;b&gt;again" in page
        assert "another town" in seen(page)
        assert faults(page, source=False) == []
    desk.do("entities", "role", desk.home, one, first, "harmed")
    with open_desk(desk.home) as opened:
        page = opened.page("/decision/1")
        assert "another town" not in page
        reasons = {"because-1": "call of the court"}
        refused = opened.post("/decision/1", **reasons)
        assert refused.status_code == 422
        assert "P-2 is shown only with a reason of its own" in seen(refused.text)
        assert 'value="call of the court"' in refused.text
        assert "another town" in seen(
            opened.post("/decision/1", **reasons, **{"because-2": "the same person"}).text
        )
