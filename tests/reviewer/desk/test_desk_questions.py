"""Questions at the desk: two columns, for and against, three buttons, a reason, and masks."""

import re

from tests.reviewer.clean_copy.photos import drawn_scene
from tests.reviewer.desk.open_desk import OpenDesk, open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_pictures import send, smaller
from tests.reviewer.linking.invented_tips import kept_person, tell
from tests.reviewer.linking.test_questions import CYRILLIC, LATIN, two_spellings
from tests.template_rules import faults


def test_a_question_shows_both_passages_and_is_answered_undone_and_open_again(desk: Desk) -> None:
    first, second = two_spellings(desk)
    with open_desk(desk.home) as opened:
        assert "1 question between names or pictures is open" in seen(opened.page("/"))
        listed = opened.page("/questions")
        assert LATIN in seen(listed)
        assert CYRILLIC in seen(listed)
        assert "Q-1: the same person?" in seen(opened.page(f"/tip/{first}"))
        page = opened.page("/question/1")
        assert "Among the 2 names here, fewer than 1 pair of strangers looks this alike." in seen(page)
        assert f"<mark>{LATIN}</mark>" in page
        assert "they call her" in page
        assert re.findall(r'accesskey="([dsu])"', page) == ["d", "u", "s"]
        assert "%" not in seen(page)
        for shown in (listed, page, opened.page("/questions?weak=1&kind=person")):
            assert faults(shown, source=False) == []
        refused = opened.post("/question/1", verdict="same", because=" ")
        assert refused.status_code == 422
        assert "needs a reason" in seen(refused.text)
        assert "No question is open" in seen(opened.done("/question/1", verdict="same", because="one scar"))
        assert "This question is answered" in seen(opened.page("/question/1"))
        opened.done("/entity/1/undo/1", because="")
        assert f"/tip/{second}" in opened.page("/questions")
        assert opened.get("/question/77").status_code == 422


def test_an_answer_leads_to_the_next_question_and_harm_is_asked_twice(desk: Desk) -> None:
    tips = [tell(desk, f"call her {LATIN}", mailbox=place) for place in range(3)]
    people = [kept_person(desk, tip, LATIN) for tip in tips]
    desk.do("entities", "role", desk.home, people[0], tips[0], "harmed")
    desk.do("entities", "role", desk.home, people[1], tips[1], "does-harm")
    with open_desk(desk.home) as opened:
        number = _between(opened, *tips[:2])
        asked = opened.post(f"/question/{number}", verdict="same", because="as told")
        assert asked.status_code == 422
        assert "I am sure: the same" in seen(asked.text)
        following = opened.done(f"/question/{number}", verdict="same", because="as told", sure="yes")
        assert re.search(r"Q-[0-9]+: the same person\?", seen(following))
        assert f"Q-{number}:" not in seen(following)


def _between(opened: OpenDesk, one: str, other: str) -> str:
    """The number of the question between two tips."""
    for number in re.findall(r'href="/question/([0-9]+)"', opened.page("/questions")):
        if {one, other} <= set(re.findall(r'href="/tip/([0-9a-f]{12})"', opened.page(f"/question/{number}"))):
            return str(number)
    raise AssertionError("no question is between these tips")


def test_a_protected_side_masks_both_passages_until_a_reason_is_given(desk: Desk) -> None:
    first, _second = two_spellings(desk)
    person = kept_person(desk, first, LATIN)
    desk.do("entities", "role", desk.home, person, first, "harmed")
    with open_desk(desk.home) as opened:
        (number,) = re.findall(r'href="/question/([0-9]+)"', opened.page("/questions"))
        for path in ("/questions", f"/question/{number}"):
            page = opened.page(path)
            assert "P-1" in seen(page)
            assert LATIN not in seen(page)
            assert CYRILLIC not in seen(page)
        assert opened.post(f"/question/{number}/open", because="x").status_code == 422
        reason = {"because-1": "her lawyer called"}
        assert CYRILLIC in seen(opened.post(f"/question/{number}/open", **reason).text)
        assert CYRILLIC not in seen(opened.page(f"/question/{number}"))


def test_pictures_are_compared_by_a_press_and_one_in_quarantine_is_looked_at_nowhere(desk: Desk) -> None:
    first = send(desk, drawn_scene(1))
    second = send(desk, smaller(drawn_scene(1)), mailbox=2)
    desk.tamper("DELETE FROM pictures", "DELETE FROM picture_readings")
    with open_desk(desk.home) as opened:
        assert "The pictures of 2 tips were not compared yet" in seen(opened.page("/questions"))
        page = opened.done("/questions/pictures")
        assert "not compared yet" not in seen(page)
        (number,) = set(re.findall(r'href="/question/([0-9]+)"', page))
        shown = opened.page(f"/question/{number}")
        assert f"/tip/{first}/look/1" in shown
        assert "smaller, compressed, mirrored or turned" in seen(shown)
        assert faults(shown, source=False) == []
    desk.do("quarantine", desk.home, second, "1")
    with open_desk(desk.home) as opened:
        shown = opened.page(f"/question/{number}")
        assert "Look at neither of them" in seen(shown)
        assert "/look/" not in shown
