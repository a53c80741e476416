"""A member learns nothing of findings, entities and links: not by a count, a search or --json."""

from tests.reviewer.desk.open_desk import open_desk
from tests.reviewer.home import test_members, test_people
from tests.reviewer.home.test_people import FIRST, THIRD, Shared
from tests.reviewer.linking.invented_tips import NUMBER

# Their fixtures are ours as well.
furnish_shared, shared, with_members = test_people.furnish_shared, test_people.shared, test_members.with_members

LABEL, REASON = "zqx the driver", "qzv one scar"


def told_to_member(shared: Shared, tip: str) -> list[str]:
    """All that the member can ask for, once with words that stand in other tips, in names and in reasons."""
    desk, mine = shared.desk, shared.unlock(THIRD)
    told = []
    for command in (
        ("list", desk.home),
        ("show", desk.home, tip),
        *(("list", desk.home, "--search", words) for words in ("truck", NUMBER, "Nadja", "zqx", "qzv", "E-1")),
    ):
        told.append(desk.do("given", *command, *mine))
        if command[0] == "list":
            told.append(desk.do("given", *command, "--json", *mine))
    return told


def test_a_member_is_told_the_same_before_and_after_tips_are_linked_and_the_tip_is_given_again(
    with_members: tuple[Shared, str, str],
) -> None:
    shared, first, _second = with_members
    desk, by = shared.desk, shared.unlock(FIRST)
    before = told_to_member(shared, first)
    one, other = (shared.take_in(FIRST, f"Nadja has {NUMBER}, in the red truck", number) for number in (3, 4))
    for tip in (one, other):
        desk.do("findings", "add", desk.home, tip, "Nadja", "--kind", "person", *by)
    desk.do("findings", "add", desk.home, first, "truck", "--kind", "person", *by)
    desk.do("entities", "name", desk.home, "E-3", LABEL, *by)
    desk.do("entities", "role", desk.home, "E-3", first, "harmed", *by)
    desk.do("links", "decide", desk.home, "E-1", "E-2", "same", "--because", REASON, *by)
    assert told_to_member(shared, first) == before
    desk.do("people", "give", desk.home, first, "Noor", *by)
    assert told_to_member(shared, first) == before


def test_commands_and_pages_of_links_are_closed_to_a_member(with_members: tuple[Shared, str, str]) -> None:
    shared, first, _second = with_members
    home = shared.desk.home
    for command in (
        ("findings", "list", home),
        ("findings", "list", home, first),
        ("findings", "lookup", home, NUMBER),
        ("entities", "list", home),
        ("entities", "show", home, "E-1"),
        ("links", "list", home),
        ("links", "show", home, "Q-1"),
        ("graph", home, "E-1"),
        ("news", home),
        ("forget", home, "E-1", "--dry-run"),
        ("refer", home, "E-1", "--for", "Office", "--format", "ftm"),
    ):
        assert shared.desk.run(*command, *shared.unlock(THIRD)) == 1, command
        assert "a member's" in shared.desk.err, command
    with open_desk(home, passphrase_file=shared.unlock(THIRD)[1]) as opened:
        for address in (
            "/findings",
            "/entities",
            "/questions",
            "/entity/1",
            "/question/1",
            "/decision/1",
            "/masks",
        ):
            answer = opened.get(address)
            assert (answer.status_code, "There is no such page" in answer.text) == (404, True), address
        assert opened.post("/entity/1/unmask", because="mine").status_code == 404
        assert opened.get("/").headers["Location"] == "/given"
