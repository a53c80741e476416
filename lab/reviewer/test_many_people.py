"""A home with as many people as may open it: a derivation for each."""

from tests.reviewer.home.test_people import (  # noqa: F401 -- two are fixtures
    FIRST,
    SECOND,
    THIRD,
    Shared,
    furnish_shared,
    shared,
)


def test_the_seventeenth_person_is_refused(
    shared: Shared,  # noqa: F811 -- the fixture
) -> None:
    for number in range(3, 17):
        assert shared.add(FIRST, f"person {number}", f"a passphrase number{number}") == 0, shared.desk.err
    assert shared.add(FIRST, "one more", THIRD) == 1
    assert "at most 16 people" in shared.desk.err
    assert len(shared.desk.json("people", "list", shared.desk.home, *shared.unlock(SECOND))) == 16
