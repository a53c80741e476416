"""A working day at two laptops in a real Firefox without scripts: forty tips come, and each deed of staff is done.

Each test is a part of the day in an office of its own. Every screen is looked at by axe, narrow and at 200 %.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.firefox import Firefox
from lab.journeys.day_deeds import (
    PREVIEW,
    SEAL,
    answered,
    changed_places,
    chosen,
    filed,
    handed_over,
    looked,
    quarantined,
    took_in,
    translated,
    verified_by_a_stranger,
)
from lab.journeys.day_office import FIRST, NOOR, Office, at_the_desk
from lab.journeys.day_screens import WIDE, Screens
from lab.journeys.day_tips import HOSTILE_NAMES, PLAIN, TIPS
from tests.reviewer.desk.test_desk_tips import OBEYED
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.conftest import Receiver
from tests.reviewer.leaving.test_hand_over import key_of

pytestmark = pytest.mark.browser

KEPT_ROWS = "ol.tips > li"


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(Desk(tmp_path, capsys))


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("browser"), width=WIDE[0], height=WIDE[1]) as started:
        yield started


@pytest.fixture
def screens(tmp_path: Path) -> Iterator[Screens]:
    """After the deeds all of them are looked at; a day that failed is told first."""
    kept = Screens()
    yield kept
    faults = kept.faults(tmp_path / "inspector")
    assert not faults, "\n".join(faults)


def test_forty_tips_are_read_sorted_joined_and_answered_and_the_colleague_knows_it(
    office: Office, window: Firefox, screens: Screens
) -> None:
    first, joined = office.tip(0), office.tip(1)
    with at_the_desk(window, office.desk.home, *office.unlock) as site:
        assert f"{TIPS} new submissions" in took_in(window, site, office.file)
        screens.keep(window, "rounds")
        window.open(f"{site}/")
        screens.keep(window, "tips")
        window.press("details.filter summary", loads=False)
        chosen(window, "#filter-danger", "yes")
        window.press("details.filter form button")
        screens.keep(window, "tips-filtered")
        window.fill("#view-name", "Danger today")
        window.press("form.keep button")
        assert "Danger today" in window.text("nav.saved")
        screens.keep(window, "tips-saved-list")
        window.open(f"{site}/tip/{first}")
        screens.keep(window, "tip")
        window.fill("#labels", "farm, passports")
        window.press("input[name=starred]", loads=False)
        window.press("form[action$='/marks'] button")
        assert "farm" in window.text(".marks")
        window.fill("#case-name", "The farm")
        window.press("form[action$='/case'] button")
        window.open(f"{site}/tip/{joined}")
        chosen(window, "#case-number", "1")
        window.press("form[action$='/case'] button")
        window.press(".marks a[href$='/case/1']")
        assert window.count(KEPT_ROWS) == 2
        window.fill("#note", "Two people of one farm.")
        window.press("form[action$='/note'] button")
        screens.keep(window, "case")
        window.open(f"{site}/cases")
        screens.keep(window, "cases")
        translated(window, site, joined, screens)
        answered(window, site, joined, screens)
        window.open(f"{site}/rounds")
        assert "is written" in filed(window, "/share-write", "#share-write", office.for_colleagues)
        screens.keep(window, "rounds-shared")
        assert f"{TIPS} submissions" in filed(
            window, "/backup", "#rounds-backup", office.desk.folder / "backup.age"
        )
        assert f"{TIPS} delivery receipts" in filed(
            window, "/outbox", "#rounds-outbox", office.desk.folder / "outbox"
        )
        window.open(f"{site}/tip/{joined}")
        assert "sent" in window.text(".reply .facts")
        assert window.count("form[action$='/take-back']") == 0
    with at_the_desk(window, office.second.home) as site:
        assert f"{TIPS} new submissions" in took_in(window, site, office.file)
        told = filed(window, "/share-read", "#share-read", office.for_colleagues)
        assert "changes of colleagues are new here" in told
        window.open(f"{site}/tip/{joined}")
        assert "Estamos aquí" in window.text("main")
        screens.keep(window, "tip-of-a-colleague")
        window.fill("#reply", "No vaya allí.")
        window.press(PREVIEW)
        window.press(SEAL)
        assert "Answer instead of reviewer?" in window.text("h1")
        assert "Estamos aquí" in window.text(".colleagues")
        screens.keep(window, "instead-of")


def test_every_hostile_file_is_looked_at_or_refused_and_the_page_obeys_none(
    office: Office, window: Firefox, screens: Screens
) -> None:
    names, many, more, fields = (office.tip(PLAIN + number) for number in range(4))
    with at_the_desk(window, office.second.home) as site:
        took_in(window, site, office.file)
        for place, tip in enumerate((names, many, more, fields)):
            window.open(f"{site}/tip/{tip}")
            assert not OBEYED & set(window.text("main")), tip
            assert window.count("article :is(script, img, iframe, object), article a:not([href^='/'])") == 0
            screens.keep(window, f"hostile-{place + 1}")
        for number in range(1, len(HOSTILE_NAMES) + 1):
            seen = looked(window, f"{site}/tip/{names}/look/{number}")
            assert not OBEYED & set(seen)
        for number in (1, 7, 20, 33):
            assert (
                "stays sealed" in (seen := looked(window, f"{site}/tip/{many}/look/{number}")) or "cannot" in seen
            )
        screens.keep(window, "look-refused")
        for tip, number, name in (
            (office.tip(1), 1, "picture"),
            (office.tip(1), 2, "pdf"),
            (office.tip(4), 1, "office"),
            (office.tip(4), 2, "mail"),
            (office.tip(7), 1, "film"),
        ):
            assert "stays sealed" in looked(window, f"{site}/tip/{tip}/look/{number}"), name
            screens.keep(window, f"look-{name}")
        window.open(f"{site}/")
        window.press("form[action='/cover'] button")
        assert f"Tip {names}, covered" in window.text("main")
        screens.keep(window, "tips-covered")
        assert window.hosts_asked() - {"data"} == {"127.0.0.1"}


def test_a_file_is_quarantined_evidence_is_verified_by_its_readme_and_a_case_is_handed_over(
    office: Office, window: Firefox, screens: Screens, tmp_path: Path
) -> None:
    tip = office.tip(3)
    (tmp_path / "receiver").mkdir()
    receiver = Receiver(tmp_path / "receiver")
    other = office.other()
    key, words = key_of(other)
    case = tmp_path / "case.handover"
    with at_the_desk(window, office.second.home) as site:
        took_in(window, site, office.file)
        quarantined(window, site, office.tip(1), screens)
        window.open(f"{site}/tip/{tip}")
        window.press("a[href^='/evidence']")
        window.press("input[name=passage]", loads=False)
        window.press("input[name=file]", loads=False)
        window.fill("#receiver", "Prosecutor, file 12")
        window.fill("#to", receiver.key)
        screens.keep(window, "evidence")
        window.press("form[action='/evidence/preview'] button")
        assert "أخذ صاحب المزرعة" in window.text(".paper")
        window.press("input[name=place][value='']", loads=False)
        window.fill("input[name=folder]", str(receiver.folder / "got"))
        screens.keep(window, "evidence-preview")
        window.press("form[action='/evidence/write'] button")
        screens.keep(window, "evidence-written")
        digits = window.text(".digits").replace(" ", "").replace("\n", "")
        handed_over(window, site, tip, key, words, case, screens)
        window.open(f"{site}/hand-over/key")
        own_words = window.text(".digits")
        screens.keep(window, "hand-over-keys")
        for page in ("left", "numbers", f"tip/{tip}/print"):
            window.open(f"{site}/{page}")
            screens.keep(window, page.rpartition("/")[2])
    verified_by_a_stranger(receiver, digits)
    with at_the_desk(window, other.home) as site:
        window.open(f"{site}/hand-over/key")
        window.fill("#case", str(case))
        window.press("form[action='/hand-over/look'] button")
        window.fill("#words", own_words)
        screens.keep(window, "hand-over-came")
        window.press("form[action='/hand-over/read'] button")
        screens.keep(window, "hand-over-taken-in")
        window.press("main li a")
        assert "Handed over by Example Watch" in window.text("main")
        assert "أخذ صاحب المزرعة" in window.text("article")
        screens.keep(window, "hand-over-tip")


def test_junk_rules_and_deletions_let_tips_go_and_a_colleague_is_asked(
    office: Office, window: Firefox, screens: Screens
) -> None:
    second, junk, gone, kept = office.second, office.tip(6), office.tip(8), office.tip(10)
    with at_the_desk(window, second.home) as site:
        took_in(window, site, office.file)
        window.open(f"{site}/tip/{junk}")
        window.press("form[action$='/bin'] button")
        window.open(f"{site}/bin")
        assert junk in window.text("main")
        screens.keep(window, "bin")
        window.open(f"{site}/tip/{kept}")
        window.fill("#hold-reason", "A hearing is set.")
        window.press("form[action$='/hold'] button")
        window.open(f"{site}/tip/{gone}")
        window.press("form[action$='/delete'][method=get] button")
        chosen(window, "#because", "asked")
        screens.keep(window, "delete-question")
        window.press("form[action$='/delete'][method=post] button")
        assert gone not in window.source()
        took_in(window, site, office.file)
        window.open(f"{site}/tip/{gone}")
        screens.keep(window, "no-such-tip")
        assert "article" not in window.source()
        window.open(f"{site}/rounds")
        filed(window, "/share-write", "#share-write", office.for_colleagues)
    (old,) = {one["id"] for one in second.submissions()} & {kept}
    second.tamper("UPDATE submissions SET imported_day = '2020-01-01', day = '2020-01-01'")
    with at_the_desk(window, second.home) as site:
        window.open(f"{site}/retention")
        window.fill("#days", "2000")
        window.press("form[action='/retention/rule'] button")
        assert old not in window.text("ul.files")
        screens.keep(window, "retention")
        window.press("form[action='/retention/delete'] button")
        window.open(f"{site}/")
        assert {old} == set(re.findall(r"\b[0-9a-f]{12}\b", window.text("ol.tips")))
    with at_the_desk(window, office.desk.home, *office.unlock) as site:
        took_in(window, site, office.file)
        filed(window, "/share-read", "#share-read", office.for_colleagues)
        window.open(f"{site}/")
        assert "Colleagues propose to delete" in window.text("main")
        screens.keep(window, "tips-with-a-proposal")
        window.press("a[href^='/proposals/']")
        screens.keep(window, "proposal")
        window.press("form[action$='/confirm'] button")
        window.open(f"{site}/")
        assert gone not in window.source()


def test_two_people_at_one_laptop_change_places_and_the_member_reads_only_what_was_given(
    office: Office, window: Firefox, screens: Screens
) -> None:
    given, hidden = office.tip(1), office.tip(2)
    with at_the_desk(window, office.desk.home, *office.unlock) as site:
        took_in(window, site, office.file)
        window.open(f"{site}/people")
        window.fill("#add-name", "Noor")
        window.press("input[name=role][value=member]", loads=False)
        window.fill("#add-passphrase", NOOR)
        window.fill("#add-again", NOOR)
        window.press("form[action='/people/add'] button")
        window.fill("#give-tip", given)
        window.press("input[name=name][value=Noor]", loads=False)
        window.press("form[action='/people/give'] button")
        assert f"Noor has {given} now" in window.text(".told")
        screens.keep(window, "people")
        changed_places(window, "not a passphrase of anyone", screens=screens)
        assert "Locked" in window.text("h1")
        screens.keep(window, "locked-wrong")
        window.fill("#passphrase", NOOR)
        window.press("form[action='/unlock'] button")
        assert given in window.text("main")
        screens.keep(window, "given")
        for path in (f"tip/{given}", f"given/{hidden}", "people", "rounds", "search"):
            window.open(f"{site}/{path}")
            assert "Dormimos" not in window.text(), path
        window.open(f"{site}/given/{given}")
        window.fill("#note", "She is my cousin's neighbour.")
        window.press("form[action$='/note'] button")
        window.fill("#answer", "Venga cuando quiera.")
        window.press("form[action$='/answer'] button")
        screens.keep(window, "given-tip")
        changed_places(window, FIRST)
        window.open(f"{site}/people")
        assert "Venga cuando quiera." in window.text("main")
        screens.keep(window, "people-inbox")
        window.press("form[action='/people/take-in'] button")
        window.open(f"{site}/tip/{given}")
        assert "cousin" in window.text("main") or "Venga" in window.text("main")
    acts = office.desk.json("log", "show", office.desk.home, *office.unlock)
    assert {"Noor"} < {line["person"] for line in acts}
