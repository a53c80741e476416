"""The veil: equal names of hidden persons, and their words in the surroundings of other passages."""

from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import NUMBER, entities, findings, kept, kept_person, tell

HER, BOSS = "Zadnjana Qorvell", "Karel Vyrostek"
SURNAME = "Qorvell"


def two_persons_in_one_sentence(desk: Desk) -> tuple[str, str, str, str]:
    """A tip with a harmed person, her number and another person; the tip, both persons, and a tip with her name."""
    tip = tell(desk, f"she is called {HER} and {BOSS} took her, {HER.upper()} has {NUMBER} now")
    other = tell(desk, f"my friend {HER} is gone", mailbox=2)
    person, boss = kept_person(desk, tip, HER), kept_person(desk, tip, BOSS)
    phone = next(one["finding"] for one in findings(desk, tip) if one["kind"] == "phone")
    (number,) = kept(desk, phone)
    desk.do("relate", desk.home, person, "uses", number, "--finding", str(phone))
    return tip, person, boss, other


def require_veiled(told: str) -> None:
    assert SURNAME.casefold() not in told.casefold()
    assert NUMBER.removeprefix("+") not in told  # four of its digits can stand in a random id


def require_veiled_everywhere(desk: Desk, other: str) -> None:
    for arguments in (("findings", "list", desk.home), ("findings", "list", desk.home, "--new")):
        require_veiled(desk.do(*arguments))
        require_veiled(desk.do(*arguments, "--json"))
    require_veiled(desk.do("findings", "list", desk.home, other))
    for asked in desk.json("links", "list", desk.home, "--weak")["questions"]:
        require_veiled(desk.do("links", "show", desk.home, asked["question"], "--json"))
        assert asked["masked"]
    require_veiled(desk.do("links", "list", desk.home, "--weak", "--json"))


def test_an_equal_name_that_no_one_kept_is_hidden_with_the_harmed_and_with_the_closed(desk: Desk) -> None:
    tip, person, _boss, other = two_persons_in_one_sentence(desk)
    third = tell(desk, f"they call her {HER}, help", mailbox=3)
    assert SURNAME in desk.do("links", "list", desk.home, "--json")
    desk.do("entities", "close", desk.home, person)
    assert [one["words"] for one in findings(desk, other)] == [None]
    assert desk.json("links", "list", desk.home)["questions"] == []
    desk.do("entities", "close", desk.home, person, "--undo")
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    require_veiled_everywhere(desk, other)
    (hers,) = findings(desk, third)
    assert (hers["masked"], hers["entity"]) == (True, None)
    assert {hers[key] for key in ("words", "first", "length")} == {None}, "the number of letters may tell a name"
    asked = desk.json("links", "list", desk.home, "--weak")["questions"][0]["question"]
    assert HER in desk.do("links", "show", desk.home, asked, "--because", "call of her lawyer")
    both = [str(one["finding"]) for tip in (other, third) for one in findings(desk, tip)]
    assert desk.run("findings", "keep", desk.home, *both, "--because", "they are two others") == 1
    assert f"masked as {person.replace('E', 'P')}, and all would be shown" in desk.err
    assert {one["state"] for tip in (other, third) for one in findings(desk, tip)} == {"new"}


def test_the_letters_around_a_passage_show_no_word_of_a_hidden_person(desk: Desk) -> None:
    tip, person, boss, _other = two_persons_in_one_sentence(desk)
    same = kept_person(desk, tell(desk, f"the boss is {BOSS}", mailbox=4), BOSS)
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    decided = desk.do("links", "decide", desk.home, boss, same, "same", "--because", "one town")
    decision = decided.split()[-1]
    told = [
        desk.do("links", "show", desk.home, decision),
        desk.do("links", "show", desk.home, decision, "--json"),
        desk.do("forget", desk.home, boss, "--dry-run"),
    ]
    addresses = (f"/entity/{boss[2:]}", f"/decision/{decision[2:]}", f"/entity/{boss[2:]}/forget")
    with open_desk(desk.home) as opened:
        told += [opened.page(address) for address in addresses]
    for page in told:
        require_veiled(page)
        assert BOSS in page
    name = person.replace("E", "P")
    assert f"called {name} and [{BOSS}] took her, {name} has P-3 now" in told[2]


def test_a_question_shows_both_names_and_hides_a_third_person_beside_them(desk: Desk) -> None:
    tip, person, _boss, _other = two_persons_in_one_sentence(desk)
    tell(desk, f"the boss is called {BOSS}", mailbox=4)
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    shown = [one for one in desk.json("links", "list", desk.home)["questions"] if not one["masked"]]
    assert [side["words"] for side in shown[0]["sides"]] == [BOSS, BOSS]
    require_veiled(desk.do("links", "show", desk.home, shown[0]["question"], "--json"))


def test_all_new_findings_of_one_name_are_kept_at_once(desk: Desk) -> None:
    tell(desk, f"they call her {HER}")
    tell(desk, f"my friend {HER.upper()} is gone", mailbox=2)
    tell(desk, f"the boss is called {BOSS}", mailbox=3)
    first = next(one["finding"] for one in findings(desk) if one["words"] == HER)
    desk.do("findings", "keep", desk.home, "--all-like", str(first))
    assert [(one["name"], one["tips"]) for one in entities(desk)] == [(HER, 2)]


def test_names_for_us_and_reasons_have_no_name_of_a_hidden_person(desk: Desk) -> None:
    tip, person, boss, _other = two_persons_in_one_sentence(desk)
    friend = kept_person(desk, tell(desk, "my uncle is called Otto Brandl", mailbox=4), "Otto Brandl")
    desk.do("entities", "name", desk.home, boss, f"boss of {HER.upper()}")
    desk.do("entities", "role", desk.home, boss, tip, "does-harm", "--because", f"he hit {HER}")
    finding = next(str(one["finding"]) for one in findings(desk, tip) if one["entity"] == boss)
    desk.do("relate", desk.home, friend, "knows", boss, "--finding", finding)
    desk.do("entities", "close", desk.home, boss)
    desk.do("entities", "open", desk.home, boss, "--because", f"{HER} asks for it")
    desk.do("entities", "close", desk.home, boss, "--undo")
    desk.do("entities", "role", desk.home, boss, tip, "harmed")
    desk.do("entities", "role", desk.home, boss, tip, "harmed", "--undo", "--because", f"{HER} was wrong")
    because = ("--because", f"{HER} says so", "--against", f"not what {HER} said before")
    desk.do("links", "decide", desk.home, boss, friend, "different", *because)

    def told() -> list[str]:
        commands = [
            *(("entities", "list", desk.home, *more) for more in ((), ("--json",))),
            *(("entities", "show", desk.home, one, *more) for one in (boss, friend) for more in ((), ("--json",))),
            *(("links", *more) for more in (("list", desk.home), ("show", desk.home, "D-1"))),
            ("links", "show", desk.home, "D-1", "--json"),
            ("graph", desk.home, friend),
            ("refer", desk.home, boss, friend, "--names", "--for", "Office", "--format", "ftm", "--json"),
        ]
        with open_desk(desk.home) as opened:
            pages = [opened.page(f"/{one}") for one in ("entities", f"entity/{boss[2:]}", "decision/1")]
        return [desk.do(*command) for command in commands] + pages

    assert all(SURNAME.casefold() in one.casefold() for one in told()), "the control finds it"
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    for one in told():
        require_veiled(one)
    assert f"boss of {person.replace('E', 'P')}" in desk.do("entities", "list", desk.home)
    assert desk.do("entities", "list", desk.home, SURNAME) == desk.do("entities", "list", desk.home, "Nobodyhere")


def test_a_name_that_a_visible_person_bears_too_stays_in_what_is_said_of_that_person(desk: Desk) -> None:
    tip, person, _boss, other = two_persons_in_one_sentence(desk)
    same = kept_person(desk, other, HER)
    desk.do("entities", "name", desk.home, same, f"{HER} of the mill")
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    assert f"{HER} of the mill" in {one["name"] for one in entities(desk)}


def test_of_a_closed_entity_no_list_has_the_reason_of_a_decision_and_no_page_its_tips(desk: Desk) -> None:
    one_tip, other_tip = tell(desk, "ask for Karel"), tell(desk, "Karel again", mailbox=2)
    one, other = kept_person(desk, one_tip, "Karel"), kept_person(desk, other_tip, "Karel")
    desk.do("links", "decide", desk.home, one, other, "same", "--because", "one scar", "--against", "another town")
    desk.do("entities", "close", desk.home, one)
    for command in (("list", desk.home), ("show", desk.home, "D-1")):
        for told in (desk.do("links", *command), desk.do("links", *command, "--json")):
            assert not [words for words in ("scar", "another town", one_tip, other_tip) if words in told]
    with open_desk(desk.home) as opened:
        for address in ("/decision/1", f"/entity/{other[2:]}"):
            assert "scar" not in opened.page(address)
            assert one_tip not in opened.page(address)
            assert "ask for" not in seen(opened.page(f"/entity/{other[2:]}/forget"))
        looked = opened.post(f"/entity/{other[2:]}/forget/look", because="she asks for it").text
        assert "ask for" in seen(looked)
    told = [desk.do("forget", desk.home, other, "--dry-run", *more) for more in ((), ("--because", "she asks"))]
    assert ["ask for" in one for one in told] == [False, True], "the closed entity is the same, and goes with it"
    opened_now = [each["subject"] for each in desk.json("log", "show", desk.home) if each["act"] == "entity opened"]
    assert opened_now == [one, one]
    assert "one scar" in desk.do("links", "show", desk.home, "D-1", "--because", "court")


def test_words_that_were_kept_for_a_hidden_person_later_are_hidden_on_the_page_of_a_decision(desk: Desk) -> None:
    tip, person, _boss, other = two_persons_in_one_sentence(desk)
    one = kept_person(desk, tell(desk, "ask for Karel", mailbox=4), "Karel")
    wrong = kept_person(desk, other, HER)
    desk.do("links", "decide", desk.home, one, wrong, "unsure", "--because", "one town")
    second = kept_person(desk, tell(desk, "Karel is here", mailbox=5), "Karel")
    finding = next(str(each["finding"]) for each in findings(desk, other) if each["entity"] == wrong)
    more = next(str(each["finding"]) for each in findings(desk) if each["entity"] == second)
    desk.do("findings", "keep", desk.home, more, "--to", wrong)
    desk.do("findings", "keep", desk.home, finding, "--to", person)
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    for told in (desk.do("links", "show", desk.home, "D-1"), desk.do("links", "show", desk.home, "D-1", "--json")):
        require_veiled(told)


def test_a_longer_stretch_that_was_kept_for_a_hidden_person_hides_the_words_of_a_decision_too(desk: Desk) -> None:
    tip, person, _boss, other = two_persons_in_one_sentence(desk)
    one, wrong = kept_person(desk, tell(desk, "ask for Karel", mailbox=4), "Karel"), kept_person(desk, other, HER)
    desk.do("links", "decide", desk.home, one, wrong, "unsure", "--because", "one town")
    second = kept_person(desk, tell(desk, "Karel is here", mailbox=5), "Karel")
    numbers = {each["entity"]: str(each["finding"]) for each in findings(desk)}
    desk.do("findings", "keep", desk.home, numbers[second], "--to", wrong)
    desk.do("findings", "dismiss", desk.home, numbers[wrong])
    longer = kept_person(desk, other, f"{HER} is gone")
    finding = next(str(each["finding"]) for each in findings(desk, other) if each["entity"] == longer)
    desk.do("findings", "keep", desk.home, finding, "--to", person)
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    require_veiled(desk.do("links", "show", desk.home, "D-1", "--json"))
