"""Things whose time is over, in the order in which they come due."""

from tipline.web.streams import Deadlines


def test_those_whose_time_is_over_come_once_and_in_order() -> None:
    made: Deadlines[str] = Deadlines()
    for kept, until in (("first", 1.0), ("second", 2.0), ("third", 3.0)):
        made.set(kept, until)
    assert list(made.due(2.0)) == ["first", "second"]
    assert list(made.due(2.0)) == []
    assert "first" not in made
    assert "third" in made


def test_a_sign_of_life_gives_a_new_deadline_behind_all_others() -> None:
    made: Deadlines[str] = Deadlines()
    made.set("lives", 1.0)
    made.set("silent", 2.0)
    made.set("lives", 3.0)
    assert list(made.due(2.5)) == ["silent"]
    made.drop("lives")
    made.drop("lives")
    assert list(made.due(9.0)) == []
