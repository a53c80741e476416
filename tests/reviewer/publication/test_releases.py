"""Releases: only closed quarters, one publisher, no subtraction, corrections on record."""

import datetime as dt
import re
from pathlib import Path

import pytest

from crypto.primitives.week import Quarter
from reviewer.facilities.accepting import accept_tip
from reviewer.home.home import Home, open_home
from reviewer.publication.register import registered
from reviewer.publication.releases import name_publisher, propose, publish, releases
from reviewer.publication.supply_table import OTHER_PLACES
from reviewer.publication.written import to_csv
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from system.errors import ProgramError
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import Colleague, a_colleague
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.facilities.chain_stage import PELT, QUILLON, ChainDesk

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
    lines = written.splitlines()
    assert "tl,13" in lines
    assert "bn,too few" in lines, "with the total it would tell the small ones"
    assert "th,too few" in lines
    assert "other,too few" in lines
    assert "total,30" in lines
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


def test_a_table_that_says_nothing_is_not_published(desk: Desk) -> None:
    with opened(desk) as home:
        proposal = propose(home, registered("language"), QUARTER, today=LATER)
        assert proposal.is_empty
        with pytest.raises(ProgramError, match="nothing to publish"):
            publish(home, proposal, because="", today=LATER)


def shared(desk: Desk, colleague: Colleague) -> None:
    """Carry what one reviewer shares to the other."""
    path = desk.folder / f"shared-{len(list(desk.folder.glob('shared-*')))}"
    desk.do("share", "write", desk.home, path)
    colleague.do("share", "read", colleague.home, path)


def test_only_the_named_reviewer_publishes_and_the_other_sees_the_release(full: Desk) -> None:
    second = a_colleague(full)
    with opened(full) as home:
        proposal = propose(home, registered("language"), QUARTER, today=LATER)
        with pytest.raises(ProgramError, match="no reviewer was named"):
            publish(home, proposal, because="", today=LATER)
        own = home.party_keys().name
        name_publisher(home, own, today=LATER)
        done = publish(home, proposal, because="", today=LATER)
    shared(full, second)
    with opened(second) as home:
        (known,) = releases(home)
        assert (known.release_id, known.published, known.reviewer) == (done.release_id, done.published, own)
        with pytest.raises(ProgramError, match=f"{own} publishes"):
            publish(home, propose(home, registered("first-answer"), QUARTER, today=LATER), because="", today=LATER)


def test_the_command_and_the_desk_show_the_rules_and_record_nothing_by_looking(full: Desk, tmp_path: Path) -> None:
    assert full.run("publish", full.home, "language", "--quarter", str(QUARTER)) == 1
    assert full.run("publish", full.home, "none-such", "--quarter", "2020-Q1") == 1
    assert "too few" in full.do("publish", full.home, "language", "--quarter", "2020-Q1")
    assert full.do("releases", full.home) == ""
    with open_desk(full.home) as browser:
        page = seen(browser.page("/published/preview?table=language&quarter=2020-Q1"))
        assert "Too few people stand behind this table" in page
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
        proposal = propose(home, registered("supply"), QUARTER, today=LATER)
        written = to_csv(publish(home, proposal, because="", today=LATER))
    assert "Letter" not in written
    numbers = {int(one) for one in re.findall(r"(?<=,)[0-9]+", written)}
    assert numbers
    assert min(numbers) >= 11
