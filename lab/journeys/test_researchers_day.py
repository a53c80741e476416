"""A researcher's day with supply chains in a real Firefox: lists, questions, a trace, reports and a table.

Five lists come in, 200 questions are answered and one answer is undone. A lot is traced from shelf to field with a
missing step. One report of each kind leaves, and one table is published. What was planted in tips is in none of it.
"""

import datetime as dt
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from crypto.primitives.week import Quarter
from demo.firefox import Firefox
from lab.journeys.day_deeds import chosen
from lab.journeys.day_office import at_the_desk
from lab.journeys.day_screens import WIDE, Screens
from tests.reviewer.conftest import bare_desk, desk, furnish
from tests.reviewer.desk_stage import Desk
from tests.reviewer.diligence.voice_desk import CANARIES, DEBT, SENTENCE, TELLING, YES, VoiceDesk
from tests.reviewer.facilities.chain_stage import GOODS, MAPS, epcis, grown, made, steps_csv
from tests.reviewer.leaving.conftest import memory

__all__ = ["bare_desk", "desk", "furnish", "memory"]

pytestmark = pytest.mark.browser

QUESTIONS = 200
SHIRT = "https://shop.example.org/01/09506000134352/10/SHIRT-9"
NAMES = [
    first + last
    for first, last in product(
        (
            "Quil",
            "Ostra",
            "Merri",
            "Tolva",
            "Bren",
            "Sandu",
            "Hark",
            "Vell",
            "Doro",
            "Pask",
            "Lumi",
            "Kest",
            "Yarro",
        ),
        (
            "lon",
            "bury",
            "wick",
            "den",
            "mora",
            "sel",
            "tan",
            "gar",
            "vik",
            "bo",
            "ner",
            "ford",
            "lo",
            "mar",
            "ster",
        ),
    )
]
HUB = "os_id,name,address,country_code\n" + "".join(
    f'QQ2026{number:03d}AAAA1,{name} Garments Ltd.,"Plot {number}, Marrow Road, Vessby",BD\n'
    for number, name in enumerate(NAMES, 1)
)
SUPPLIERS = "Factory,Street,Land,Makes\n" + "".join(
    f"{name} Garment Works,Plot {number} Marrow Rd Vessby,BD,Garments\n" for number, name in enumerate(NAMES, 1)
)
MANIFEST = "Shipper,Street,Land,Consignee\nQuillon Garments Ltd,Plot 1 Marrow Road Vessby,BD,Example Brand GmbH\n"
MANIFEST_MAP = 'name = "Shipper"\naddress = "Street"\ncountry = "Land"\nbuyer = "Consignee"\n'
BANNED = "Factory,Street,Land\nOstrabury Garments Ltd,Plot 16 Marrow Road Vessby,BD\n"


class Room(VoiceDesk):
    """A desk without any list: the researcher brings them in the browser."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._sent = 0

    def closed_quarter(self) -> Quarter:
        """The quarter of the tips, which is over."""
        assert self.desk.server.manifest is not None
        return Quarter.of(self.desk.server.manifest.manifest.intake[0].week.monday - dt.timedelta(days=100))


@pytest.fixture
def room(desk: Desk) -> Room:
    return Room(desk)


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("browser"), width=WIDE[0], height=WIDE[1]) as started:
        yield started


@pytest.fixture
def screens(tmp_path: Path) -> Iterator[Screens]:
    kept = Screens()
    yield kept
    faults = kept.faults(tmp_path / "inspector")
    assert not faults, "\n".join(faults)


def test_a_day_from_five_lists_to_reports_and_a_table_without_anything_of_a_tip(
    room: Room,
    window: Firefox,
    screens: Screens,
    memory: Path,
) -> None:
    tips = room.tips(*[(DEBT, *YES, ("place_code", "005724"))] * 12, text=TELLING, days_later=-100)
    with at_the_desk(window, room.desk.home) as site:
        brought(window, site, room.desk.folder)
        screens.keep(window, "lists")
        answered(window, site, screens)
        traced(window, site, screens)
        accepted(window, site, screens, tips)
        left = [*reported(window, site, screens, memory), exported(window, site, screens, memory)]
        left.append(published(window, site, screens, room, memory))
    for path in left:
        text = path.read_text(encoding="utf-8")
        words = set(text.replace('"', " ").replace("<", " ").replace(">", " ").split())
        assert not [one for one in CANARIES if one in text and (len(one) > 2 or one in words)], path
    room.desk.do("log", "verify", room.desk.home)


def brought(window: Firefox, site: str, folder: Path) -> None:
    """Five lists and two lists of steps, each checked and then kept."""
    sewing = [
        "sew,make,2026-04-01,QQ2026001AAAA1,in,CLOTH-1,90,KGM,,",
        f"sew,make,2026-04-01,QQ2026001AAAA1,out,{SHIRT},400,pieces,Wage list,2026-03-01",
    ]
    events = epcis(grown("e1", "COTTON-1"), made("e3", "YARN-1", "CLOTH-1"))
    for kind, ending, content, columns in (
        ("os-hub", "csv", HUB, ""),
        ("us-goods", "csv", GOODS, MAPS["us-goods"]),
        ("uflpa", "csv", BANNED, MAPS["uflpa"]),
        ("suppliers", "csv", SUPPLIERS, MAPS["suppliers"]),
        ("manifest", "csv", MANIFEST, MANIFEST_MAP),
        ("steps", "json", events, ""),
        ("steps", "csv", steps_csv(*sewing), ""),
    ):
        path = folder / f"{kind}.{ending}"
        path.write_text(content, encoding="utf-8")
        window.open(f"{site}/factories/lists")
        window.fill("#file", str(path))
        if columns:
            path.with_suffix(".toml").write_text(columns, encoding="utf-8")
            window.fill("#columns", str(path.with_suffix(".toml")))
        chosen(window, "#kind", kind)
        window.fill("#publisher", "Invented Lists")
        window.fill("#licence", "CC0")
        window.fill("#edition", "2026-11")
        window.press("button[name=check]")
        assert "Nothing was kept yet" in window.text(".told")
        window.press("form:has(#file) button:not([name])")
        assert "is here" in window.text(".told"), window.text("main")


def answered(window: Firefox, site: str, screens: Screens) -> None:
    """200 questions, the most alike first; the first answer is undone and given again."""
    for number in range(QUESTIONS):
        window.open(f"{site}/factories/same")
        if number == 0:
            screens.keep(window, "question")
            first = window.address()
        one, other = (window.text(f"#side-{side} ~ .pair").split()[0] for side in (1, 2))
        window.fill("#because", "the same gate" if one == other else "another gate")
        window.press(f"button[value={'same' if one.lower() == other.lower() else 'different'}]")
    window.open(first)
    window.press("button[value=undo]")
    assert "Undo the answer" not in window.text("main")
    window.fill("#because", "seen there")
    window.press("button[value=same]")


def traced(window: Firefox, site: str, screens: Screens) -> None:
    """From the shelf back to the field: one step is missing, and is named."""
    window.open(f"{site}/factories/trace")
    window.fill("#lot", SHIRT)
    window.press("button[value=up]")
    assert "A gap: no step says where it comes from." in window.text("ol.trace")
    screens.keep(window, "trace")


def accepted(window: Firefox, site: str, screens: Screens, tips: list[str]) -> None:
    """One tip is accepted in the browser, the others as quickly; then workers, a good and the diary."""
    window.open(f"{site}/tip/{tips[0]}")
    screens.keep(window, "tip")
    window.fill("#facility-name", "F-1")
    window.fill("#facility-because", "names the gate")
    window.press("form[action$='/factory'] button")
    for tip in tips[1:]:
        window.open(f"{site}/tip/{tip}")
        window.fill("#facility-name", "F-1")
        window.fill("#facility-because", "names the gate")
        window.press("form[action$='/factory'] button")
    window.open(f"{site}/factory/1/diary")
    window.fill("#workers", "60")
    window.fill("form[action$='/workers'] [name=source]", "an audit")
    window.press("form[action$='/workers'] button")
    window.fill("#did", "Asked for wage records")
    for reader in ("company", "authority"):
        window.press(f"[name=for_{reader}]", loads=False)
    window.press("form:has(#did) button")
    screens.keep(window, "diary")
    window.open(f"{site}/factory/1")
    screens.keep(window, "factory")
    assert window.count("[aria-labelledby=tips-of] p.tight") == len(tips)


def reported(window: Firefox, site: str, screens: Screens, memory: Path) -> list[Path]:
    """A report of each kind; the company answers, and a mistaken entry is corrected."""
    left = []
    window.open(f"{site}/factory/1/report/inside")
    assert "For the team only" in window.text("main")
    screens.keep(window, "report-inside")
    for reader in ("company", "authority"):
        window.open(f"{site}/factory/1/report/{reader}")
        window.fill("#because-debt_bondage", "all said yes")
        window.press("button[value=release]")
        assert SENTENCE in window.text("main")
        screens.keep(window, f"report-{reader}")
        path = memory / f"{reader}.{'html' if reader == 'company' else 'json'}"
        window.fill("#blamed", "those who complained before")
        window.fill("#recipient", "Example Brand")
        written_to(window, "form[action$='/send']", path)
        left.append(path)
        if reader == "company":
            window.open(f"{site}/factory/1/report/company")
            chosen(window, "#day", "2026-10-02")
            window.fill("#answer", "We stopped it.")
            window.press("form[action$='/answered'] button")
            assert "A-1" in window.text("main")
            chosen(window, "#day", "2026-10-03")
            window.fill("#answer", "We stopped it, and paid back.")
            chosen(window, "#in-place-of", "A-1")
            window.fill("#corrected-because", "read wrongly")
            window.press("form[action$='/answered'] button")
            screens.keep(window, "answers")
    assert "We stopped it, and paid back." in left[1].read_text(encoding="utf-8")
    assert '"missing"' in left[1].read_text(encoding="utf-8")
    window.open(f"{site}/factories/reports")
    screens.keep(window, "reports")
    return left


def exported(window: Firefox, site: str, screens: Screens, memory: Path) -> Path:
    """The place for programs of others."""
    window.open(f"{site}/factory/1/money")
    screens.keep(window, "follow-the-money")
    written_to(window, "form[action$='/money']", memory / "place.ftm.json", button="button:not([name])")
    return memory / "place.ftm.json"


def published(window: Firefox, site: str, screens: Screens, room: Room, memory: Path) -> Path:
    """The table of accepted tips of a closed quarter."""
    window.open(f"{site}/published")
    chosen(window, "#table", "supply")
    chosen(window, "#quarter", str(room.closed_quarter()))
    window.press("form:has(#quarter) button")
    screens.keep(window, "table")
    window.press("form[action$='/publish'] button")
    screens.keep(window, "published")
    written_to(window, "form[action$='/write']", memory / "table.csv")
    return memory / "table.csv"


def written_to(window: Firefox, form: str, path: Path, *, button: str = "button") -> None:
    """Choose a place that is named, and write there."""
    window.press(f"{form} input[name=place][value='']", loads=False)
    window.fill(f"{form} input[name=folder]", str(path))
    window.press(f"{form} {button}")
    assert path.exists(), window.text("main")
