"""Releases: only closed quarters, one publisher, no subtraction, corrections on record."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.keys.at_rest import RestKey
from crypto.primitives.week import Quarter
from reviewer.casebook.entities import SaidRole
from reviewer.casebook.submission import Submission
from reviewer.cases.team_numbers import DANGER, conversations, first_answers
from reviewer.facilities.accepting import accept_tip
from reviewer.home.home import Home, open_home
from reviewer.linking.entity_work import add_role, relate
from reviewer.linking.finding_work import add_finding, keep
from reviewer.publication.corrections import changed_by_few
from reviewer.publication.counted_table import CountedTable, PublishedTable
from reviewer.publication.drawn_prices import drawn_prices
from reviewer.publication.own_pattern import countries_of_mailboxes, regions_of_persons
from reviewer.publication.persons import begun_in, count_persons
from reviewer.publication.regions import NOT_KNOWN
from reviewer.publication.register import registered
from reviewer.publication.release_record import releases
from reviewer.publication.releases import propose, publish
from reviewer.publication.supply_table import OTHER_PLACES
from reviewer.publication.suppression import places_left_out
from reviewer.publication.written import to_csv
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from system.errors import ProgramError
from tests.fakes_server import a_mailbox
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.facilities.chain_stage import PELT, QUILLON, ChainDesk
from tests.reviewer.linking.invented_tips import tell_many

QUARTER = Quarter.of(today())
LATER = today() + dt.timedelta(days=100)  # this quarter is closed then
LANGUAGES = ["tl"] * 13 + ["bn"] * 12 + ["th"] * 3


@pytest.fixture
def full(desk: Desk) -> Desk:
    """28 conversations: 13 in Tagalog, 12 in Bengali, 3 in Thai, and one in a language that the site has not."""
    desk.take_in(
        *(
            desk.server.seal(
                fields=[("text", "Help."), ("language", language)],
                mailbox=a_mailbox(number),
                submission_id=number.to_bytes(16, "big"),
            )
            for number, language in enumerate([*LANGUAGES, "=evil()"], start=1)
        )
    )
    return desk


def opened(desk: Desk) -> Home:
    return open_home(desk.home, entry=SecretEntry(None))


def test_a_running_quarter_is_not_published(desk: Desk) -> None:
    with opened(desk) as home, pytest.raises(ProgramError, match="is not over"):
        propose(home, registered("language"), QUARTER, today=today())


def test_small_counts_and_words_of_sources_stand_in_no_release(full: Desk) -> None:
    with opened(full) as home:
        proposal = propose(home, registered("language"), QUARTER, today=LATER)
        written = to_csv(publish(home, proposal, because="", today=LATER))
        again = propose(home, registered("language"), QUARTER, today=LATER)
    assert again.published == proposal.published, "what is left out is drawn once"
    lines = written.splitlines()
    assert ('"Filipino","13"' in lines) == ('"Bengali","too few"' in lines), "both would tell the small ones"
    assert ('"Filipino","too few"' in lines) == ('"Bengali","12"' in lines)
    assert '"Thai","too few"' in lines
    assert '"other","too few"' in lines
    assert '"total","30"' in lines
    assert "evil" not in written


def test_a_second_table_along_the_same_dimension_is_refused_and_names_the_cell(full: Desk) -> None:
    with opened(full) as home:
        publish(home, propose(home, registered("questionnaire"), QUARTER, today=LATER), because="", today=LATER)
        with pytest.raises(ProgramError, match=r"could tell “.*” of questionnaire"):
            propose(home, registered("harmed"), QUARTER, today=LATER)
        propose(home, registered("language"), QUARTER, today=LATER)


def test_a_correction_needs_a_reason_and_hides_at_least_what_was_hidden(full: Desk) -> None:
    with opened(full) as home:
        first = publish(home, propose(home, registered("language"), QUARTER, today=LATER), because="", today=LATER)
    more = (
        full.server.seal(
            fields=[("text", "More."), ("language", "th")],
            mailbox=a_mailbox(number),
            submission_id=number.to_bytes(16, "big"),
        )
        for number in range(40, 55)
    )
    full.take_in(*more)
    with opened(full) as home:
        proposal = propose(home, registered("language"), QUARTER, today=LATER)
        with pytest.raises(ProgramError, match="a correction needs a reason"):
            publish(home, proposal, because=" ", today=LATER)
        second = publish(home, proposal, because="tips that came late", today=LATER)
        recorded = releases(home)
    assert first.published.left_out <= second.published.left_out
    assert [(one.release_id, one.is_corrected) for one in recorded] == [
        (first.release_id, True),
        (second.release_id, False),
    ]
    assert "tips that came late" in to_csv(second)


def test_tables_for_others_count_the_same_conversations_as_the_numbers_of_the_team(full: Desk) -> None:
    answer = full.folder / "answer.txt"
    answer.write_text("We are here.", encoding="utf-8")
    full.do("reply", full.home, full.submissions()[0]["id"], "--text-file", answer)
    with opened(full) as home:
        begun = begun_in(home, QUARTER)
        by_first = {one.first.number: one for one in conversations(home)}
        assert {one.first for one in begun} == set(by_first)
        for one, waited in zip(begun, first_answers(home, begun), strict=True):
            facts = by_first[one.first]
            assert (one.day, one.language, waited) == (facts.day, facts.language, facts.first_answer)
            assert one.has_mailbox is (facts.first.mailbox_bytes is not None)
            assert DANGER[0 if one.is_urgent else 1] == facts.danger
        assert begun_in(home, Quarter(QUARTER.year - 2, 1)) == []


def test_a_correction_leaves_out_what_changed_by_a_few(full: Desk) -> None:
    with opened(full) as home:
        first = publish(home, propose(home, registered("language"), QUARTER, today=LATER), because="", today=LATER)
    place = min(first.published.numbers.keys() - first.published.left_out)
    language = {"Filipino": "tl", "Bengali": "bn"}[first.published.rows[place[0]]]
    late = full.server.seal(
        fields=[("text", "Late."), ("language", language)], mailbox=a_mailbox(90), submission_id=b"late" * 4
    )
    full.take_in(late)
    with opened(full) as home:
        second = propose(home, registered("language"), QUARTER, today=LATER)
    assert first.published.numbers[place] in (12, 13)
    assert second.published.numbers[place] is None, "one more would tell that one person came late"
    assert not second.is_small(place)


def test_a_correction_compares_every_unit_and_without_the_counts_leaves_out_what_changed() -> None:
    first = CountedTable(["a", "b", "c"], (), ("persons", "mailboxes"), {(row, 0): (20, 20) for row in range(3)})
    now = replace(first, cells={(0, 0): (32, 21), (1, 0): (32, 32), (2, 0): (20, 21)})
    behind = {first.label(place): first.counts(place) for place in first.places()}
    published = PublishedTable.of(first, frozenset())
    assert changed_by_few(published, behind, now, (11, 11)) == {(0, 0)}, "one mailbox told of twelve persons"
    assert changed_by_few(published, {}, now, (11, 11)) == {(0, 0), (1, 0)}


def test_persons_are_counted_by_the_regions_of_recruitment_and_exploitation(desk: Desk) -> None:
    tips = tell_many(desk, [f"Zq{n} from Romania, kept in Italy, brought from Togo" for n in range(13)])
    with opened(desk) as home:
        for number, short_id in enumerate(tips):
            tell_of(home, home.casebook.submissions.find(short_id), f"Zq{number}", is_twice=number == 12)
        proposal = propose(home, registered("recruited"), QUARTER, today=LATER)
        labels = list(proposal.counted.rows)
        place = labels.index("Eastern Europe"), labels.index("Northern, Southern and Western Europe")
        assert proposal.counted.counts(place) == (12, 12)
        assert proposal.counted.counts((labels.index(NOT_KNOWN), place[1])) == (1, 1)
        assert proposal.counts_said(place) == "persons: 12, mailboxes: 12"
        assert proposal.is_empty or proposal.published.numbers[place] in (None, 12)
        own = regions_of_persons(home, "exploited-in", today=LATER)
        assert {one.number for one in own} == {None}, "all are of one region, so the other numbers would be told"
        beside = countries_of_mailboxes(home, today=LATER)
        assert (beside.enough, beside.too_few) == ({"IT": 15, "RO": 15}, ["TG"]), "rounded"
        assert countries_of_mailboxes(home, today=today()).enough == {}, "the quarter is not over"
        entity = min(home.casebook.entities.with_role(SaidRole.HARMED))
        with pytest.raises(ProgramError, match="leads to a place"):
            relate(home, entity, "recruited-in", entity + 3, finding=1, today=today())


def tell_of(home: Home, tip: Submission, name: str, *, is_twice: bool) -> None:
    """A tip says that this person was harmed, recruited in Romania (and perhaps Togo) and exploited in Italy."""
    casebook = home.casebook
    number = add_finding(home, tip, "person", name, today=today())
    person = casebook.findings.find(number).entity or 0
    add_role(home, person, tip, SaidRole.HARMED, today=today())
    countries = {"Romania": "recruited-in", "Italy": "exploited-in"} | (
        {"Togo": "recruited-in"} if is_twice else {}
    )
    for one in casebook.findings.of(tip.number):
        words = home.casebook.names.words([one.number])[one.number]
        if one.kind == "place" and words in countries:
            (where,) = keep(home, [one.number], today=today())
            relate(home, person, countries[words], where, finding=number, today=today())


def test_a_mailbox_that_tells_of_two_persons_counts_once_behind_a_total(desk: Desk) -> None:
    """Twelve persons of six mailboxes: were each mailbox counted twice, the total would be published."""
    tips = tell_many(desk, [f"Zq{n}a and Zq{n}b" for n in range(6)])
    with opened(desk) as home:
        for number, short_id in enumerate(tips):
            tip = home.casebook.submissions.find(short_id)
            for letter in "ab":
                finding = add_finding(home, tip, "person", f"Zq{number}{letter}", today=today())
                person = home.casebook.findings.find(finding).entity or 0
                add_role(home, person, tip, SaidRole.HARMED, today=today())
        told = count_persons(
            home, begun_in(home, QUARTER), ["r0", "r1"], [], lambda one: (min(one.entities) % 2, 0)
        )
    assert [told.counts((row, 0)) for row in range(3)] == [(6, 3), (6, 3), (12, 6)]
    assert places_left_out(told, (11, 11), drawn_prices(told, RestKey(bytes(32)))) == frozenset(told.places())


def test_a_table_that_changed_since_it_was_shown_is_not_published(full: Desk) -> None:
    with opened(full) as home:
        shown = propose(home, registered("language"), QUARTER, today=LATER).code
    full.take_in(  # one of the two languages is shown
        *(
            full.server.seal(
                fields=[("text", "Late."), ("language", language)],
                mailbox=a_mailbox(number),
                submission_id=bytes([number]) * 16,
            )
            for number, language in ((90, "tl"), (91, "bn"))
        )
    )
    with opened(full) as home:
        proposal = propose(home, registered("language"), QUARTER, today=LATER)
        with pytest.raises(ProgramError, match="has changed since it was shown"):
            publish(home, proposal, because="", code=shown, today=LATER)
        assert releases(home) == []
        publish(home, proposal, because="", code=proposal.code, today=LATER)


def test_a_table_that_says_nothing_is_not_published(desk: Desk) -> None:
    with opened(desk) as home:
        proposal = propose(home, registered("language"), QUARTER, today=LATER)
        assert proposal.is_empty
        with pytest.raises(ProgramError, match="nothing to publish"):
            publish(home, proposal, because="", today=LATER)


def test_the_command_and_the_desk_show_the_rules_and_record_nothing_by_looking(full: Desk, tmp_path: Path) -> None:
    assert full.run("publish", full.home, "language", "--quarter", str(QUARTER)) == 1
    assert full.run("publish", full.home, "none-such", "--quarter", "2020-Q1") == 1
    assert "too few" in full.do("publish", full.home, "language", "--quarter", "2020-Q1")
    assert full.do("releases", full.home) == ""
    with open_desk(full.home) as browser:
        page = seen(browser.page("/published/preview?table=language&quarter=2020-Q1"))
        assert "Too few people are behind this table" in page
        refused = browser.get(f"/published/preview?table=language&quarter={QUARTER}")
        assert refused.status_code == 422
        assert "is not over" in seen(refused.text)


def test_accepted_tips_are_told_by_country_and_good_once_eleven_sources_stand_behind_a_row(desk: Desk) -> None:
    chain = ChainDesk(desk)
    for facility, good in ((QUILLON, "Garments"), (PELT, "Leather Goods/Accessories")):
        desk.do("supply", "good", desk.home, facility, good, "--because", "seen")
    garments, few, more = (chain.tips(*[("violence", "threats")] * count) for count in (12, 3, 8))
    again = chain.tips(("threats",), mailbox=1)
    with opened(desk) as home:

        def rows(facility: str, tips: list[str]) -> list[str]:
            for tip in tips:
                accept_tip(home, tip, facility, because="names the gate", today=today())
            return list(registered("supply").count(home, QUARTER).rows)

        assert rows(QUILLON, [*garments[:10], *again]) == [OTHER_PLACES]
        assert propose(home, registered("supply"), QUARTER, today=LATER).is_empty, "ten mailboxes, eleven tips"
        assert rows(QUILLON, garments[10:]) == ["BD, Garments"]
        assert rows(PELT, few) == [OTHER_PLACES], "three alone would be a small row"
        assert rows(PELT, more) == ["BD, Garments", "BD, Leather Goods/Accessories"]
        once = registered("supply-places").count(home, QUARTER)
        assert [once.value(place) for place in once.places()] == [12, 11, 23], "each source counts once"
        proposal = propose(home, registered("supply"), QUARTER, today=LATER)
        written = to_csv(publish(home, proposal, because="", today=LATER))
        assert not proposal.published.left_out - proposal.counted.never_shown()
        with pytest.raises(ProgramError, match=r"could tell “BD, Garments, .*” of supply"):
            propose(home, registered("supply-places"), QUARTER, today=LATER)
    assert "Letter" not in written
    assert "total" not in written.splitlines()[1], "a source stands in several numbers of a row"
    numbers = {int(one) for one in re.findall('(?<=,")[0-9]+', written)}
    assert numbers
    assert min(numbers) >= 11
