"""Members and factories: what a member was given says nothing of the place for which its tip was accepted."""

from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.facilities.chain_stage import HUB, ORIGIN
from tests.reviewer.home import test_people
from tests.reviewer.home.test_people import FIRST, THIRD, Shared

# Its fixtures are ours as well.
furnish_shared, shared = test_people.furnish_shared, test_people.shared


def test_a_member_sees_nothing_of_factories_whatever_was_given(shared: Shared) -> None:
    assert shared.add(FIRST, "Noor", THIRD, "member") == 0, shared.desk.err
    short_id = shared.take_in(FIRST, "At the Quillon gate.", 1)
    path = shared.desk.folder / "hub.csv"
    path.write_text(HUB, encoding="utf-8")
    mine = shared.unlock(FIRST)
    shared.desk.do(
        *("supply", "import", shared.desk.home, path, "--kind", "os-hub", *ORIGIN, "--edition", "1", *mine)
    )
    shared.desk.do("supply", "link", shared.desk.home, short_id, "F-1", "--because", "gate", *mine)
    shared.desk.do("people", "give", shared.desk.home, short_id, "Noor", *mine)
    assert shared.desk.run("supply", "flags", shared.desk.home, *shared.unlock(THIRD)) == 1
    with open_desk(shared.desk.home, passphrase_file=shared.unlock(THIRD)[1]) as opened:
        for page in ("/factories", "/factory/1", "/factories/same", "/factories/lists", "/factories/trace"):
            assert opened.get(page).status_code == 404, page
        given = seen(opened.page(f"/given/{short_id}"))
        assert "At the Quillon gate." in given
        assert "F-1" not in given
        assert "Factories" not in given
