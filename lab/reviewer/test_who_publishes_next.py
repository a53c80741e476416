"""Another laptop publishes: it knows of all releases, or is asked; and a release of a colleague never left."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.primitives.canonical_json import Json
from demo.firefox import Firefox
from lab.reviewer.test_desk_in_firefox import served
from lab.reviewer.test_referral_in_firefox import look
from reviewer.publication.next_publisher import name_publisher
from reviewer.publication.publisher import LAST, named
from reviewer.publication.register import registered
from reviewer.publication.release_record import releases
from reviewer.publication.releases import propose
from reviewer.publication.whole_record import confirm_last, in_question, is_unsure, next_number
from reviewer.sharing.appliers import PUBLISHER, RELEASE
from reviewer.sharing.party import own_key
from reviewer.sharing.record import record_for_all
from system.errors import ProgramError
from tests.reviewer.colleagues import a_colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.publication.test_publisher import shared
from tests.reviewer.publication.test_releases import LATER, QUARTER, opened

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("browser"), width=320, scripts=True, drawings=True) as started:
        yield started


def test_a_reviewer_who_takes_over_waits_for_all_releases_or_is_asked_for_the_last(desk: Desk) -> None:
    second = a_colleague(desk)
    with opened(desk) as home:
        word: dict[str, Json] = {"publisher": str(own_key(home))}
        record_for_all(home, PUBLISHER, word | {LAST: 2}, replaces=(), today=LATER)
        with pytest.raises(ProgramError, match="lacks these releases: 1, 2"):
            propose(home, registered("language"), QUARTER, today=LATER)
        assert next_number(home) == 3
        for _unsure in range(2):
            name_publisher(home, home.party_keys().name, today=LATER)
            (said,) = named(home)
            assert LAST not in said.content, "a publisher who lacks releases does not say how many there are"
            with pytest.raises(ProgramError, match="took over from another one"):
                propose(home, registered("language"), QUARTER, today=LATER)
        confirm_last(home, 0, today=LATER)
        propose(home, registered("language"), QUARTER, today=LATER)
        name_publisher(home, second.name, today=LATER)
        (said,) = named(home)
        assert said.content[LAST] == 0
        assert not is_unsure(home), "it does not publish any more"
    desk.do("reviewers", "remove", desk.home, second.name)
    desk.issue()
    assert desk.run("publish", desk.home, "language", "--quarter", "2020-Q1") == 1
    assert "took over from another one" in desk.err, "the laptop of the publisher is lost"
    desk.do("releases", desk.home, "--last", "0")
    desk.do("publish", desk.home, "language", "--quarter", "2020-Q1")


def test_a_release_in_question_stops_all_others_until_the_publisher_says_that_it_never_left(
    desk: Desk, firefox: Firefox
) -> None:
    second = a_colleague(desk)
    known: dict[str, Json] = {
        "table": "language", "quarter": str(QUARTER), "number": 1_000_000, "rows": ["a"], "columns": [],
        "numbers": ["20", "20"], "because": "",
    }  # fmt: skip
    with opened(second) as home:
        record_for_all(
            home, RELEASE, known | {"columns": ["x"], "numbers": ["", "", "", ""]}, replaces=(), today=LATER
        )
        record_for_all(home, "release-map", {}, replaces=(), today=LATER)
        record_for_all(home, RELEASE, known | {"quarter": "2020-Q1"}, replaces=(), today=LATER)
    with opened(desk) as home:
        name_publisher(home, home.party_keys().name, today=LATER)
        confirm_last(home, 0, today=LATER)
    shared(second, desk)
    with opened(desk) as home:
        ids = [one.release_id for one in in_question(home)]
        with pytest.raises(ProgramError, match="does not know"):
            propose(home, registered("language"), QUARTER, today=LATER)
    assert len(ids) == 3
    never = ("releases", desk.home, "--never-left")
    assert desk.run(*never, ids[0], "--signed-by", "first") == 1
    assert f"signed by {second.name}" in desk.err
    assert desk.run(*never, ids[0][:7], "--signed-by", second.name) == 1
    desk.do(*never, ids[0][:8], "--signed-by", second.name)
    pictures: Path = desk.folder / "pictures"
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        firefox.open(f"{site}/published")
        look(firefox, pictures, "in-question")
        assert firefox.count("form[action='/published/never-left']") == 2
        for left in (1, 0):
            firefox.press("form[action='/published/never-left'] input[name=sure]", loads=False)
            firefox.press("form[action='/published/never-left'] button")
            assert firefox.count("form[action='/published/never-left']") == left
        look(firefox, pictures, "settled")
    with opened(desk) as home:
        assert next_number(home) == 1
        propose(home, registered("language"), QUARTER, today=LATER)
        assert {one.number for one in releases(home)} == {1_000_000}, "they stay on record"
