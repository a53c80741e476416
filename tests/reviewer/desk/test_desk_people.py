"""People at the desk: the passphrase finds the person, and each deed of the command is a button."""

from reviewer.desk.session import DeskSession
from tests.reviewer.desk.open_desk import OpenDesk, open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.home import test_people
from tests.reviewer.home.test_people import FIRST, SECOND, THIRD, Shared

# Its fixtures are ours as well.
furnish_shared, shared = test_people.furnish_shared, test_people.shared


def _change_places(opened: OpenDesk, passphrase: str) -> None:
    opened.post("/lock")
    opened.done("/unlock", passphrase=passphrase)


def test_after_locking_the_other_s_passphrase_opens_the_desk_as_the_other(shared: Shared) -> None:
    short_id = shared.take_in(FIRST, "What I saw.", 1)
    with open_desk(shared.desk.home, passphrase_file=shared.unlock(FIRST)[1]) as opened:
        assert "first reader : reader, you" in seen(opened.page("/people"))
        _change_places(opened, SECOND)
        assert "Amal : reader, you" in seen(opened.page("/people"))
        assert "What I saw." in opened.page(f"/tip/{short_id}")
    assert shared.log(FIRST)[-1][:2] == ("Amal", "show")


def test_the_list_of_this_reviewer_s_tips_is_called_ours_where_several_people_share_the_home(
    shared: Shared,
) -> None:
    with open_desk(shared.desk.home, passphrase_file=shared.unlock(FIRST)[1]) as opened:
        assert "Ours" in opened.page("/?which=mine").partition("</title>")[0]
        assert "Amal is removed" in seen(opened.post("/people/remove", name="Amal", sure="yes").text)
        assert "Mine" in opened.page("/?which=mine").partition("</title>")[0]


def test_a_draft_that_one_person_typed_into_a_locked_desk_waits_for_that_person(shared: Shared) -> None:
    short_id = shared.take_in(FIRST, "What I saw.", 1)
    with open_desk(shared.desk.home, passphrase_file=shared.unlock(FIRST)[1]) as opened:
        opened.post("/lock")
        assert opened.post(f"/tip/{short_id}/note", text="half a thought").status_code == 403
        opened.done("/unlock", passphrase=SECOND)
        assert "half a thought" not in opened.page(f"/tip/{short_id}")
        opened.post("/lock")
        assert "half a thought" in opened.done("/unlock", passphrase=FIRST)


def test_a_person_is_added_named_and_removed_at_the_desk_and_the_page_says_what_copies_still_open(
    shared: Shared,
) -> None:
    with open_desk(shared.desk.home, passphrase_file=shared.unlock(FIRST)[1]) as opened:
        form = {"name": "Noor", "role": "reader", "passphrase": THIRD, "again": THIRD}
        for wrong, reason in (
            ({"again": THIRD + "x"}, "the two passphrases differ"),
            ({"passphrase": "short", "again": "short"}, "at least 8 letters"),
            ({"passphrase": SECOND, "again": SECOND}, "unlocks this home already"),
            ({"role": "owner"}, "choose reader or member"),
            ({"name": "Amal"}, "has that name already"),
        ):
            answer = opened.post("/people/add", **form | wrong)
            assert (answer.status_code, reason in seen(answer.text)) == (422, True), reason
            assert SECOND not in answer.text
        assert "Noor can unlock this home now, as a reader." in seen(opened.post("/people/add", **form).text)
        assert "from now on" in seen(opened.post("/people/name", name="Salma").text)
        assert opened.post("/people/remove", name="Noor").status_code == 422
        removed = seen(opened.post("/people/remove", name="Noor", sure="yes").text)
        assert "Noor is removed, and every key of this home is another one." in removed
        assert "Copies made before still open with the removed passphrase" in removed
        assert "Noor" not in seen(opened.page("/people"))
        opened.post("/lock")
        assert opened.post("/unlock", passphrase=THIRD).status_code == 403
        opened.done("/unlock", passphrase=FIRST)
        new = "another phrase of the first"
        assert "new passphrase" in seen(opened.post("/people/passphrase", passphrase=new, again=new).text)
        _change_places(opened, new)
    acts = [(person, act) for person, act, _subject in shared.log(SECOND) if act != "list"]
    assert acts[-5:] == [
        ("first reader", "reader added"),
        ("first reader", "name changed"),
        ("Salma", "person removed"),
        ("Salma", "keys of the home replaced"),
        ("Salma", "passphrase changed"),
    ]


def test_a_home_without_a_passphrase_says_why_people_cannot_share_it(desk: Desk) -> None:
    with open_desk(desk.home) as opened:
        assert isinstance(opened.desk_session, DeskSession)
        assert "No passphrase protects this home" in seen(opened.page("/people"))
        answer = opened.post(
            "/people/add", name="Noor", role="reader", passphrase="a long phrase", again="a long phrase"
        )
        assert answer.status_code == 422
