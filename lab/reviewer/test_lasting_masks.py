"""A mask outlives the tip in which it was said that a person was harmed, in each way that a tip goes."""

import datetime as dt
from collections.abc import Callable
from typing import Final

import pytest

from reviewer.casebook.entities import SaidRole
from reviewer.cases.deleting import delete_tips
from reviewer.cases.proposals import confirm
from reviewer.cases.retention import add_rule, delete_listed, dry_run, hold
from reviewer.home.home import open_home
from reviewer.linking.entity_work import add_role
from reviewer.linking.finding_work import keep
from reviewer.linking.mask_removal import remove_mask
from reviewer.linking.masking import Masks
from reviewer.linking.tip_reading import read_new_tips
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.cases.test_proposals import DAY, open_tip, propose, work
from tests.reviewer.cases.test_sealed_files import container, taken_in
from tests.reviewer.clean_copy.photos import drawn_scene
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk.open_desk import open_desk
from tests.reviewer.desk_stage import Desk
from tests.reviewer.laptops import DAY as TODAY
from tests.reviewer.laptops import three_laptops
from tests.reviewer.linking.invented_pictures import as_png, send, smaller
from tests.reviewer.linking.invented_tips import entities, findings, kept, kept_person, tell
from tests.reviewer.linking.test_pictures import files_leaving
from tests.reviewer.linking.test_questions import questions

NAMES: Final = ("Nadja", "Marta", "Irina", "Sofia", "Vera", "Olga", "Zofia", "Ludmila")


class Harmed:
    """A tip that calls a person harmed, and another tip with the same name and number."""

    def __init__(self, desk: Desk, place: int) -> None:
        self.desk, self.name, self.number = desk, NAMES[place], f"90012{place}"
        self.tip = tell(desk, f"{self.name} is locked up, her number is +44 7700 {self.number}", mailbox=10 + place)
        self.person = kept_person(desk, self.tip, self.name)
        phone = next(one["finding"] for one in findings(desk, self.tip) if one["kind"] == "phone")
        (self.phone,) = kept(desk, phone)
        desk.do("relate", desk.home, self.person, "uses", self.phone, "--finding", str(phone))
        desk.do("entities", "role", desk.home, self.person, self.tip, "harmed")
        self.other = tell(desk, f"text 07700 {self.number}, they call her {self.name}", mailbox=30 + place)
        desk.do("findings", "regions", desk.home, "GB")

    @property
    def is_masked(self) -> bool:
        """True if neither name nor number is in a list of findings or entities."""
        told = self.desk.do("findings", "list", self.desk.home, "--json")
        told += self.desk.do("findings", "list", self.desk.home, self.other, "--json")
        told += self.desk.do("entities", "list", self.desk.home, "--json")
        return self.name not in told and self.number not in told

    @property
    def masks(self) -> set[str]:
        """Her name and that of her number, as lists have them."""
        return {self.person.replace("E", "P"), self.phone.replace("E", "P")}


def by_command(desk: Desk, tip: str) -> None:
    desk.do("delete", desk.home, tip, "--because", "asked")


def at_the_desk(desk: Desk, tip: str) -> None:
    with open_desk(desk.home) as opened:
        assert opened.delete(f"/tip/{tip}/delete", because="asked").status_code == 303


def by_way_of_the_bin(desk: Desk, tip: str) -> None:
    desk.do("bin", desk.home, "--put", tip)
    desk.do("bin", desk.home, "--delete", tip)


def as_a_colleague_proposed(desk: Desk, tip: str) -> None:
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        name = propose(home, tip, number=1)
        confirm(home, home.casebook.proposals.find(name), today=DAY)


def when_a_proposal_is_due(desk: Desk, tip: str) -> None:
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        propose(home, tip, number=2)
        open_tip(home, tip)
        assert sum(work(home, DAY + dt.timedelta(days=day)) for day in range(20)) == 1


def with_another_person_who_is_forgotten(desk: Desk, tip: str) -> None:
    other = kept_person(desk, tip, "locked")
    finding = next(str(one["finding"]) for one in findings(desk, tip) if one["entity"] == other)
    desk.do("forget", desk.home, other, "--whole-tip", finding)


def by_retention(desk: Desk, tip: str) -> None:
    late = dt.date(2040, 1, 1)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        for one in home.casebook.submissions.all():
            if one.short_id != tip:
                hold(home, one, "a hearing", today=DAY)
        add_rule(home, questionnaire=None, status=None, days=30, today=DAY)
        assert delete_listed(home, dry_run(home, today=late).code, today=late) == 1


WAYS: Final[tuple[Callable[[Desk, str], None], ...]] = (
    by_command,
    at_the_desk,
    by_way_of_the_bin,
    as_a_colleague_proposed,
    when_a_proposal_is_due,
    with_another_person_who_is_forgotten,
    by_retention,
)


def test_whichever_way_the_tip_goes_her_words_stay_masked_in_other_tips(desk: Desk) -> None:
    for place, go in enumerate(WAYS):
        her = Harmed(desk, place)
        go(desk, her.tip)
        assert her.is_masked, go.__name__
        listed = {one["entity"] for one in desk.json("entities", "masks", desk.home)["masks"]}
        assert her.masks <= listed, go.__name__
    late = tell(desk, f"who knows +44 7700 {her.number}?", mailbox=99)
    again = next(one["finding"] for one in findings(desk, late) if one["kind"] == "phone")
    (number,) = kept(desk, again)
    assert number.startswith("P-")
    assert her.is_masked


def test_a_mask_is_removed_for_one_entity_with_a_reason_and_the_log_says_so(desk: Desk) -> None:
    her = Harmed(desk, 0)
    by_command(desk, her.tip)
    person, phone = (one.replace("E", "P") for one in (her.person, her.phone))
    assert desk.run("entities", "unmask", desk.home, phone, "--because", " ") == 1
    with open_desk(desk.home) as opened:
        assert "gone with its last tip" in opened.page("/masks")
        assert opened.post(f"/entity/{phone[2:]}/unmask", **{"from-list": "yes", "because": ""}).status_code == 422
        page = opened.done(f"/entity/{phone[2:]}/unmask", **{"from-list": "yes", "because": "it is a taxi"})
    assert phone not in page
    assert person in page
    told = desk.do("findings", "list", desk.home, her.other)
    assert her.number in told
    assert her.name not in told
    line = next(one for one in desk.json("log", "show", desk.home) if one["act"] == "mask removed")
    assert line["subject"] == her.phone
    desk.do("entities", "unmask", desk.home, person, "--because", "she asked us to name her")
    assert desk.run("entities", "unmask", desk.home, person, "--because", "again") == 1
    assert "has no mask that stays" in desk.err
    assert desk.json("entities", "masks", desk.home)["masks"] == []
    (again,) = [kept_person(desk, her.other, her.name)]
    assert next(one["name"] for one in entities(desk) if one["entity"] == again) == her.name


def test_from_the_bin_a_tip_brings_its_words_back_masked_and_roles_end_the_mask_that_lasted(desk: Desk) -> None:
    her, other = Harmed(desk, 0), Harmed(desk, 1)
    desk.do("bin", desk.home, "--put", her.tip)
    assert her.is_masked
    desk.do("bin", desk.home, "--back", her.tip)
    assert desk.json("entities", "masks", desk.home)["masks"] == []
    assert desk.run("entities", "role", desk.home, her.person, her.tip, "harmed", "--undo") == 1
    assert "with a reason" in desk.err
    desk.do("entities", "role", desk.home, her.person, her.tip, "harmed", "--undo", "--because", "a mistake")
    assert not her.is_masked
    assert her.name in desk.do("findings", "list", desk.home, her.other)
    desk.do("bin", desk.home, "--put", other.other)  # it lies there while the tip that calls her harmed is deleted
    by_command(desk, other.tip)
    desk.do("bin", desk.home, "--back", other.other)
    assert other.is_masked


def test_a_tip_that_comes_while_hers_lies_in_the_bin_is_masked_and_stays_so_when_hers_is_deleted(
    desk: Desk,
) -> None:
    shown = Harmed(desk, 2)
    for place, end in enumerate(("--back", "--delete")):
        her = Harmed(desk, place)
        by_command(desk, her.other)
        desk.do("bin", desk.home, "--put", her.tip)
        her.other = tell(desk, f"who knows 07700 {her.number}? her name is {her.name}", mailbox=70 + place)
        assert her.is_masked
        desk.do("bin", desk.home, end, her.tip)
        assert her.is_masked
    listed = {one["entity"] for one in desk.json("entities", "masks", desk.home)["masks"]}
    assert listed == her.masks
    for command in (
        ("save", "--on-disk", "--to", desk.folder / "by-command"),
        ("raw", "--out", desk.folder / "raw.age"),
    ):
        desk.do(command[0], desk.home, her.other, *command[1:])
        assert all(f"words of {one} are in it, and no mask hides them there" in desk.err for one in her.masks)
    folder = str(desk.folder / "saved")
    with open_desk(desk.home) as opened:
        page = opened.post(f"/tip/{her.other}/save", folder=folder, on_disk=folder).text
    assert "No mask hides anything there" in page
    assert all(one in page for one in her.masks)
    by_command(desk, shown.other)
    desk.do("bin", desk.home, "--put", shown.tip)
    first, second = (tell(desk, f"call 07700 {shown.number}", mailbox=80 + place) for place in range(2))
    assert shown.number not in desk.do("findings", "list", desk.home, second)
    desk.do("entities", "unmask", desk.home, shown.phone, "--because", "it is a taxi")
    third = tell(desk, f"text 07700 {shown.number}", mailbox=82)
    for tip in (first, second, third):
        assert shown.number in desk.do("findings", "list", desk.home, tip)


def test_a_picture_that_comes_while_hers_lies_in_the_bin_does_not_leave(desk: Desk) -> None:
    scene = drawn_scene(1)
    first = send(desk, scene)
    equal = send(desk, scene, mailbox=3)
    asked = questions(desk)[0]
    desk.do("links", "answer", desk.home, asked["question"], "different", "--because", "two adverts")
    (hers,) = {one["entity"] for one in findings(desk, first) if one["kind"] == "picture"}
    person = kept_person(desk, first, "photo")
    finding = next(str(one["finding"]) for one in findings(desk, first) if one["entity"] == hers)
    desk.do("relate", desk.home, person, "advertised-in", hers, "--finding", finding)
    desk.do("entities", "role", desk.home, person, first, "harmed")
    by_command(desk, equal)
    desk.do("bin", desk.home, "--put", first)
    other = send(desk, drawn_scene(2), smaller(scene), mailbox=2)
    assert files_leaving(desk, other) == {1}
    saved = desk.do("save", desk.home, other, "--without-traces", "--on-disk", "--to", desk.folder / "copies")
    assert "file 2 of tip" in saved + desk.err
    folder = str(desk.folder / "clean")
    with open_desk(desk.home) as opened:
        page = opened.post(f"/tip/{other}/save-clean", folder=folder, on_disk=folder).text
    assert f"shown in a picture here: {hers.replace('E', 'P')} (file 2 of tip {other})" in page
    desk.do("bin", desk.home, "--delete", first)
    assert files_leaving(desk, other) == {1}


def test_forgetting_removes_her_mask_too_and_its_preview_names_what_is_shown_then(desk: Desk) -> None:
    her = Harmed(desk, 0)
    phone = her.phone.replace("E", "P")
    assert f"shown without a mask from then on: {phone}" in desk.do("forget", desk.home, her.person, "--dry-run")
    by_command(desk, her.tip)
    again = kept_person(desk, her.other, her.name)
    desk.do("forget", desk.home, again)
    listed = desk.json("entities", "masks", desk.home)["masks"]
    assert [one["entity"] for one in listed if one["tips"]] == [phone]
    assert her.name not in desk.do("show", desk.home, her.other)


def test_her_last_finding_is_neither_dismissed_nor_moved_and_a_role_lost_so_leaves_the_mask(desk: Desk) -> None:
    her = Harmed(desk, 0)
    first, phone = (one for one in findings(desk, her.tip) if one["entity"] in her.masks)
    boss = kept_person(desk, tell(desk, "the boss Karel", mailbox=50), "Karel")
    for refused in (("dismiss",), ("dismiss", "--undo"), ("keep", "--to", boss)):
        verb, *more = refused
        for one in (first, phone) if verb == "dismiss" else (first,):
            assert desk.run("findings", verb, desk.home, str(one["finding"]), *more) == 1, refused
            assert "remove the mask first" in desk.err
    again = kept_person(desk, her.other, her.name)
    name = next(one["finding"] for one in findings(desk, her.other) if one["entity"] == again)
    desk.do("findings", "keep", desk.home, str(name), "--to", her.person)
    desk.do("findings", "dismiss", desk.home, str(first["finding"]))
    assert her.is_masked
    name = her.person.replace("E", "P")
    assert [one["entity"] for one in desk.json("entities", "masks", desk.home)["masks"]][:1] == [name]
    with open_desk(desk.home) as opened:
        page = opened.page(f"/entity/{name[2:]}")
        assert "The mask stays until one of us removes it" in page
        assert her.name not in page
        assert "1 mask stays until one of us removes it" in opened.page("/entities")
        answer = opened.post(f"/entity/{name[2:]}/unmask", because="")
        assert answer.status_code == 422
        assert "a mask is removed with a reason" in answer.text
        assert her.name in opened.done(f"/entity/{name[2:]}/unmask", because="she asked for it")


def test_a_package_of_another_person_has_none_of_her_words_after_her_tip_is_gone(desk: Desk) -> None:
    her = Harmed(desk, 0)
    boss = kept_person(desk, tell(desk, "the boss Karel", mailbox=50), "Karel")
    asked = ("refer", desk.home, boss, "--for", "Court", "--format", "ftm", "--tip", her.other, "--passages", "all")
    by_command(desk, her.tip)
    told = desk.do(*asked, "--json")
    assert her.name not in told
    assert her.number not in told
    assert her.name not in desk.do("transcript", desk.home, her.other)
    assert "words of persons who do not leave are masked" in told
    desk.do("entities", "unmask", desk.home, her.person.replace("E", "P"), "--because", "she asked for it")
    assert her.name in desk.do(*asked, "--json")  # the control


def test_a_reviewer_who_never_heard_of_the_role_gets_the_mask_with_the_round(desk: Desk, second: Colleague) -> None:
    with three_laptops(desk, second, "they call her Nadja, tip {n}") as three:
        ana, _ben, cleo = three.homes
        read_new_tips(ana)
        tips = ana.casebook.submissions.all()
        names = [next(f for f in ana.casebook.findings.of(one.number) if f.kind == "person") for one in tips]
        (person,) = keep(ana, [names[0].number], today=TODAY)
        keep(ana, [names[1].number], entity=person, today=TODAY)
        add_role(ana, person, tips[0], SaidRole.HARMED, today=TODAY)
        delete_tips(ana, [tips[0]], because="asked", today=TODAY)
        three.read(cleo, three.write(ana))
        known = cleo.casebook.entities.number_of(ana.casebook.entities.id_of(person) or b"")
        assert known is not None
        assert cleo.casebook.entities.roles(known) == []
        assert Masks(cleo).is_protected(known)
        remove_mask(ana, person, "she asked for it", today=TODAY)
        three.read(cleo, three.write(ana))
        assert not Masks(cleo).is_protected(known)
        (removal,) = cleo.casebook.lasting_masks.removals(known)
        assert (removal.because, removal.day) == ("she asked for it", TODAY)
        assert cleo.casebook.log.names("mask removed", f"E-{known}, by {removal.reviewer}")


def test_questions_and_pages_of_links_work_after_she_is_gone_and_tell_neither_her_name_nor_her_number(
    desk: Desk,
) -> None:
    her = Harmed(desk, 0)
    third = tell(desk, f"text 07700 {her.number}, she is called {her.name}", mailbox=70)
    desk.do("findings", "list", desk.home)
    assert desk.json("links", "list", desk.home, "--weak")["questions"], "the control"
    by_command(desk, her.tip)
    asked = desk.json("links", "list", desk.home, "--weak")["questions"]
    told = [
        desk.do("links", *more, "--json")
        for more in (("list", desk.home, "--weak"), ("show", desk.home, asked[0]["question"]))
    ]
    assert "same-identifier" in told[0]
    assert asked[0]["masked"]
    with open_desk(desk.home) as opened:
        told += [opened.page(one) for one in ("/questions?weak=1", "/findings", "/entities", "/masks")]
        told.append(opened.page(f"/question/{asked[0]['question'][2:]}"))
        assert all(opened.page(one) for one in ("/", f"/tip/{third}"))  # these show the text of the tip itself
    for one in told:
        assert her.name not in one
        assert her.number not in one
    assert desk.run("links", "show", desk.home, asked[0]["question"], "--because", "a call") == 1
    assert "gone with its last tip" in desk.err


def test_a_mask_lasts_again_after_it_was_removed_once_and_joining_her_is_asked_twice(desk: Desk) -> None:
    her = Harmed(desk, 0)
    for tip in (her.other, tell(desk, f"{her.name} is in danger", mailbox=60)):
        found = kept_person(desk, tip, her.name)
        finding = next(one["finding"] for one in findings(desk, tip) if one["entity"] == found)
        desk.do("findings", "keep", desk.home, str(finding), "--to", her.person)
        last = tip
    by_command(desk, her.tip)
    desk.do("entities", "unmask", desk.home, her.person, "--because", "she asked for it")
    desk.do("entities", "role", desk.home, her.person, last, "harmed")
    by_command(desk, last)
    desk.do("entities", "name", desk.home, her.person, "the cook")  # any word about her is applied with all of them
    assert {one["entity"]: one["name"] for one in entities(desk)}[her.person.replace("E", "P")] is None
    guard_tip = tell(desk, "the guard is called Vlasta Hrubec", mailbox=61)
    guard = kept_person(desk, guard_tip, "Vlasta Hrubec")
    desk.do("entities", "role", desk.home, guard, guard_tip, "does-harm")
    assert desk.run("links", "decide", desk.home, her.person, guard, "same", "--because", "one scar") == 1
    assert "--sure" in desk.err


def test_a_number_that_no_reading_finds_any_more_stays_masked_around_others_and_in_packages(desk: Desk) -> None:
    her = Harmed(desk, 0)
    tip = tell(desk, f"Vlasta Hrubec has 07700 {her.number} now", mailbox=60)
    boss = kept_person(desk, tip, "Vlasta Hrubec")
    shown = ("entities", "show", desk.home, boss)
    package = ("refer", desk.home, boss, "--for", "Court", "--format", "ftm", "--tip", tip, "--passages", "all")
    by_command(desk, her.tip)
    desk.do("findings", "regions", desk.home, "FR")
    assert [one["kind"] for one in findings(desk, tip)] == ["person"]
    with open_desk(desk.home) as opened:
        assert her.number not in opened.page(f"/entity/{boss[2:]}")
    leaves = [
        (*package, "--json"),
        ("evidence", desk.home, tip),
        ("hand-over", "write", desk.home, tip),
        ("translation", "seal", desk.home, tip, "--for", "Ana", "--passage", "1"),
        ("transcript", desk.home, tip),
    ]
    for words in (shown, *leaves):
        assert her.number not in desk.do(*words), words
    desk.do("entities", "unmask", desk.home, her.phone, "--because", "it is a taxi")
    assert all(her.number in desk.do(*words) for words in leaves)  # the control


def test_with_the_file_in_which_she_stood_her_words_stay_masked_and_no_place_of_it_is_left(desk: Desk) -> None:
    name = "Zadnjana Qorvell"
    sealed = desk.server.seal(fields=[("text", "see the file")], files=[(f"{name} 7.txt", "text/plain", b"x")])
    (tip,) = desk.take_in(sealed)
    other = tell(desk, f"my friend is called {name}", mailbox=2)
    person = kept_person(desk, tip, name)
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    desk.delete_part(tip, "--file", "1", because="harm")
    assert "Qorvell" not in desk.do("findings", "list", desk.home, other)
    (mask,) = desk.json("entities", "masks", desk.home)["masks"]
    assert mask["tips"] == [other]


@pytest.mark.parametrize("is_sealed", [False, True])
def test_a_picture_that_is_destroyed_in_quarantine_stays_masked_in_another_tip(desk: Desk, is_sealed: bool) -> None:
    scene = drawn_scene(1)
    if is_sealed:
        first = taken_in(desk, container(desk, files=[("in.png", "", as_png(scene))]))
    else:
        first = send(desk, scene)
    other = send(desk, drawn_scene(2), smaller(scene), mailbox=2)
    (asked,) = questions(desk)
    desk.do("links", "answer", desk.home, asked["question"], "different", "--because", "two adverts")
    (hers,) = {one["entity"] for one in findings(desk, first) if one["kind"] == "picture"}
    again = next(str(one["finding"]) for one in findings(desk, other) if one["kind"] == "picture")
    desk.do("findings", "dismiss", desk.home, again)
    finding = next(str(one["finding"]) for one in findings(desk, first) if one["entity"] == hers)
    person = kept_person(desk, other, "photo")
    desk.do("relate", desk.home, person, "advertised-in", hers, "--finding", finding)
    desk.do("entities", "role", desk.home, person, other, "harmed")
    assert files_leaving(desk, other) == {1}
    desk.do("quarantine", desk.home, first, "1.1" if is_sealed else "1")
    desk.do("quarantines", "rule", desk.home, "destroy-after-report")
    listed = desk.json("quarantines", "list", desk.home)["quarantines"]
    for number, one in enumerate(listed):
        desk.leave("quarantines", "report", desk.home, one["sha256"], "--to", desk.folder / f"report-{number}")
    assert files_leaving(desk, other) == {1}


def test_a_finding_of_hers_is_dismissed_with_a_reason_where_its_words_would_be_shown_then(desk: Desk) -> None:
    her = Harmed(desk, 0)
    tips = [tell(desk, f"she is called Zadnjana Qorvell, {place}", mailbox=60 + place) for place in range(2)]
    called = kept_person(desk, tips[0], "Zadnjana Qorvell")
    finding = next(str(one["finding"]) for one in findings(desk, tips[0]) if one["entity"] == called)
    desk.do("findings", "keep", desk.home, finding, "--to", her.person)
    assert "Qorvell" not in desk.do("findings", "list", desk.home, tips[1])
    for verb in ((), ("--undo",)):
        assert desk.run("findings", "dismiss", desk.home, finding, *verb) == 1
        assert "its words would be shown: this needs a reason" in desk.err
    with open_desk(desk.home) as opened:
        page = opened.page(f"/tip/{tips[0]}/findings")
        assert "Why its words may be shown from now on" in page
        assert opened.post(f"/tip/{tips[0]}/findings/{finding}", act="new", because="").status_code == 422
    desk.do("findings", "dismiss", desk.home, finding, "--because", "a singer of that name")
    assert "Qorvell" in desk.do("findings", "list", desk.home, tips[1])
    assert her.is_masked
    line = next(one for one in desk.json("log", "show", desk.home) if one["act"] == "mask removed")
    assert line["subject"] == f"{her.person.replace('E', 'P')}, finding {finding}"
