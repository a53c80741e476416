"""Links in an evidence package: previewed, never ticked by themselves, and masked with each word that overlaps."""

from reviewer.cases.text_mask import TextMask
from reviewer.languages.staff_language import is_own_sentence
from reviewer.leaving.evidence_choice import LinkChoice, LinkStretch, OwnSentence
from tests.reviewer.desk.open_desk import hidden_fields, open_desk, seen, ticks
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.conftest import Receiver
from tests.reviewer.linking.invented_tips import kept_person, tell
from tests.reviewer.linking.test_masking import harmed_person

HER, REASON, AGAINST = "Zadnjana Qorvell", "one scar at the chin", "another town"
CALLED = "she called from 0044 (0)7700-900123"


def a_link(desk: Desk) -> tuple[str, str, str]:
    """Two tips with a name, kept as two persons and decided to be one; both tips, and the first person."""
    first = tell(desk, f"they call her {HER}, of the harbour")
    second = tell(desk, f"{HER} is at the farm", mailbox=2)
    one, other = (kept_person(desk, tip, HER) for tip in (first, second))
    options = ("--because", f"{REASON}, {CALLED}", "--against", AGAINST)
    desk.do("links", "decide", desk.home, one, other, "same", *options)
    return first, second, one


def test_at_the_desk_a_link_is_not_ticked_by_itself_and_nothing_leaves_once_it_was_undone(
    desk: Desk, receiver: Receiver
) -> None:
    first, _second, _one = a_link(desk)
    harmed_person(desk)  # with that number, in a tip that is not in the package
    fields = {"tips": first, "receiver": "Court", "to": receiver.key}
    with open_desk(desk.home) as browser:
        form = browser.page(f"/evidence?tips={first}")
        assert ticks(form, "link") == ["D-1"]
        assert 'name="link" value="D-1" checked' not in form
        assert REASON not in seen(browser.post("/evidence/preview", **fields).text)
        preview = browser.post("/evidence/preview", **fields, link="D-1").text
        assert f"{REASON}, she called from [#1]" in seen(preview)
        assert 'name="link" value="D-1" checked' in browser.post("/evidence", **fields, link="D-1").text
        ticked = hidden_fields(preview) | {"folder": str(receiver.folder / "got")}
        assert browser.post("/entity/1/undo/1", because="another person").status_code == 303
        gone = browser.post("/evidence/write", **ticked)
        assert gone.status_code == 422
        assert "something that you ticked is no longer here" in gone.text
        assert not (receiver.folder / "got").exists()


def test_a_mask_that_only_begins_or_ends_in_the_words_of_a_link_covers_these_too() -> None:
    text = f"they call {HER} so, {HER} is here"
    first = text.index("Qorvell")
    for words, shown in (
        ([HER], "tip 3f9a: [#1]"),
        (["Qorvell so"], "tip 3f9a: [#1]"),
        (["orvel"], "tip 3f9a: Qorvell"),
        (["Karel"], "tip 3f9a: Qorvell"),
    ):
        assert LinkStretch("3f9a", text, first, first + len("Qorvell")).said(TextMask(words)) == shown
    assert LinkStretch("3f9a", None, 0, 0).said(TextMask([])) == "tip 3f9a: protected"
    assert LinkStretch(None, None, 0, 0).said(TextMask([])) == "in a tip that is not in this package"


def test_no_sentence_of_the_program_is_masked() -> None:
    limit = "A person decided this. The program joins nothing, and does not know if it is true."
    rows = [
        ("Reason", "Program of the farm"),
        ("What spoke against", OwnSentence("nothing was noted")),
        ("Limit", OwnSentence(limit)),
    ]
    link = LinkChoice("D-7", rows)
    assert link.said(TextMask(["Program", "Thi", "nothing"])) == [
        ("Reason", "[#1] of the farm"),
        ("What spoke against", "nothing was noted"),
        ("Limit", limit),
    ]
    assert link.texts() == ["Program of the farm"]


def test_what_a_person_typed_is_told_from_a_sentence_of_the_program() -> None:
    assert is_own_sentence("nothing was noted")
    assert not is_own_sentence("nothing was noted by Nadja")
