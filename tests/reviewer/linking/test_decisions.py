"""Decisions: a chain is not contradicted, an undo is a replay, and a person alone joins."""

import json
import random
from contextlib import suppress

import pytest

from reviewer.home.home import open_home
from reviewer.linking.finding_work import add_finding
from reviewer.linking.link_decisions import decide as decide_at_home
from reviewer.linking.link_decisions import undo
from reviewer.linking.masking import Masks
from reviewer.matching.clusters import Clusters, Link, Verdict
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from system.errors import ProgramError
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import entities, kept_person, tell

ENTITIES = range(1, 9)


def three_persons(desk: Desk) -> list[str]:
    return [kept_person(desk, tell(desk, "they call her Nadja", mailbox=place), "Nadja") for place in range(3)]


def decide(desk: Desk, *words: str) -> int:
    return desk.run("links", "decide", desk.home, *words, "--because", "as told")


def test_same_and_same_and_different_is_refused_and_names_both(desk: Desk) -> None:
    one, two, three = three_persons(desk)
    assert decide(desk, one, two, "same") == 0
    assert decide(desk, two, three, "same") == 0
    before = desk.fingerprint()
    assert decide(desk, one, three, "different") == 1
    assert f"D-1: {one} and {two} are the same; D-2: {two} and {three} are the same" in desk.err
    assert desk.fingerprint() == before
    desk.do("links", "undo", desk.home, "D-2")
    assert decide(desk, one, three, "different") == 0
    assert decide(desk, two, three, "same") == 1
    assert "D-1" in desk.err
    assert "D-4" in desk.err


def test_a_name_alone_joins_nothing(desk: Desk) -> None:
    three_persons(desk)
    assert [one["same"] for one in entities(desk)] == [[], [], []]
    assert desk.json("links", "list", desk.home)["same"] == []


def test_a_decision_needs_two_entities_of_one_kind_and_a_reason(desk: Desk) -> None:
    one, two, _three = three_persons(desk)
    tip = tell(desk, "mail@example.org")
    desk.do(
        "findings", "keep", desk.home, str(desk.json("findings", "list", desk.home, tip)["findings"][0]["finding"])
    )
    for words, said in (
        ((one, one, "same"), "needs two"),
        ((one, "E-4", "same"), "of the kind email"),
        ((one, "E-77", "same"), "there is no entity E-77"),
        (("Nadja", two, "same"), "as E-12"),
    ):
        assert decide(desk, *words) == 1
        assert said in desk.err
    assert desk.run("links", "decide", desk.home, one, two, "same", "--because", " ") == 1
    assert desk.run("links", "undo", desk.home, "D-1") == 1
    assert desk.json("links", "list", desk.home)["decisions"] == []


@pytest.mark.parametrize("seed", range(20))
def test_any_200_decisions_and_undos_equal_the_replay_of_what_is_left(seed: int) -> None:
    chance = random.Random(seed)
    standing: list[Link] = []
    for number in range(1, 201):
        if standing and chance.random() < 0.4:
            standing.remove(chance.choice(standing))
            continue
        one, other = chance.sample(ENTITIES, 2)
        link = Link(number, one, other, chance.choice(list(Verdict)))
        clusters = Clusters(standing)
        if clusters.decided(one, other) or clusters.against(one, other, link.verdict):
            continue
        standing.append(link)
        _is_sound(Clusters(standing), standing)
        shuffled = chance.sample(standing, len(standing))
        assert Clusters(shuffled).all() == Clusters(standing).all()


def _is_sound(clusters: Clusters, standing: list[Link]) -> None:
    """Joined by naive union, and no pair that is different is together."""
    cluster = {entity: {entity} for entity in ENTITIES}
    for link in standing:
        if link.verdict is Verdict.SAME:
            together = cluster[link.one] | cluster[link.other]
            for entity in together:
                cluster[entity] = together
    assert all(clusters.of(entity) == frozenset(cluster[entity]) for entity in ENTITIES)
    for link in standing:
        if link.verdict is Verdict.DIFFERENT:
            assert link.other not in clusters.of(link.one)


def test_an_undo_brings_back_every_cluster_and_relation_and_the_log_verifies(desk: Desk) -> None:
    one, two, three = three_persons(desk)
    found = desk.json("findings", "list", desk.home)["findings"]
    number = next(str(each["finding"]) for each in found if each["entity"] == one)
    desk.do("relate", desk.home, one, "knows", three, "--finding", number)
    assert decide(desk, one, two, "same") == 0
    before = [desk.do("entities", "show", desk.home, name, "--json") for name in (one, two, three)]
    same = desk.json("links", "list", desk.home)["same"]
    assert decide(desk, two, three, "same") == 0
    assert desk.json("links", "list", desk.home)["same"] == [[one, two, three]]
    desk.do("links", "undo", desk.home, "D-2", "--because", "another Nadja")
    after = [desk.json("entities", "show", desk.home, name) for name in (one, two, three)]
    undone = [
        {**each, "decisions": [line for line in each["decisions"] if line["decision"] == "D-1"]} for each in after
    ]
    assert [json.dumps(each, indent=2) for each in undone] == [line.strip() for line in before]
    assert desk.json("links", "list", desk.home)["same"] == same
    assert desk.run("links", "undo", desk.home, "D-2") == 1
    assert "was undone by D-3" in desk.err
    desk.do("log", "verify", desk.home)
    desk.tamper("UPDATE log SET subject = 'D-9' WHERE act = 'decided'")
    assert desk.run("log", "verify", desk.home) == 1
    assert "missing or was changed" in desk.err


def test_200_random_decisions_and_undos_in_a_home_equal_the_replay_of_its_chained_log(desk: Desk) -> None:
    names = ("Abal", "Bebel", "Cicil", "Dodol", "Efel", "Fifil", "Gogol", "Hahal")
    tip = tell(desk, f"at the farm are {' and '.join(names)}")
    chance, acts = random.Random(200), 0
    with open_home(desk.home, entry=SecretEntry(None)) as home, home.casebook.changing():
        submission = home.casebook.submissions.find(tip)
        found = [add_finding(home, submission, "person", name, today=today()) for name in names]
        entities_here = [home.casebook.findings.find(one).entity or 0 for one in found]
        while acts < 200:
            standing = [one.number for one in home.casebook.decisions.standing()]
            with suppress(ProgramError):  # it contradicts, or was said already: then nothing is kept
                if standing and chance.random() < 0.45:
                    undo(home, chance.choice(standing), today=today())
                else:
                    verdict = chance.choice(list(Verdict))
                    decide_at_home(home, *chance.sample(entities_here, 2), verdict, because="told", today=today())
                acts += 1
    desk.do("log", "verify", desk.home)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        replayed: dict[str, Link] = {}
        lines = [line for line in home.casebook.log.whole_lines() if line.act in {"decided", "decision undone"}]
        for line in lines:
            number, *rest = line.subject.split(", ")
            if line.act == "decision undone":
                del replayed[number]
            else:
                one, other = (int(name.removeprefix("E-")) for name in rest[:2])
                replayed[number] = Link(int(number.removeprefix("D-")), one, other, Verdict(rest[2]))
        assert len(lines) == len(home.casebook.decisions.all()) == 200
        assert {f"D-{one.number}" for one in home.casebook.decisions.standing()} == replayed.keys()
        clusters, expected = Masks(home).clusters, Clusters(replayed.values())
        assert [clusters.of(one) for one in entities_here] == [expected.of(one) for one in entities_here]
        assert clusters.all() == expected.all()
