"""Place codes, diary and reports of a factory in a real Firefox: narrow, wide, dark, and from right to left."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.firefox import Firefox
from lab.reviewer.test_desk_in_firefox import served
from lab.reviewer.test_factories_in_firefox import pictures_of
from lab.reviewer.test_linking_in_firefox import look
from tests.reviewer.desk_stage import Desk
from tests.reviewer.diligence.voice_desk import DEBT, SENTENCE, TELLING, YES, VoiceDesk
from tests.reviewer.facilities.chain_stage import GOODS, QUILLON

pytestmark = pytest.mark.browser

MORE = "os_id,name,address,country_code\n" + "".join(
    f"QQ2026009AAAA{number},مصنع النهر {number},شارع {number},BD\n" for number in range(1, 6)
)


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("browser"), width=320, scripts=True) as started:
        yield started


def test_codes_diary_and_reports_fit_every_window(desk: Desk, firefox: Firefox) -> None:
    stage = VoiceDesk(desk)
    stage.chain.bring("us-goods", GOODS)
    (desk.folder / "more.csv").write_text(MORE, encoding="utf-8")
    origin = ("--publisher", "Invented Lists", "--licence", "CC0", "--edition", "2026-11")
    desk.do("supply", "import", desk.home, desk.folder / "more.csv", "--kind", "os-hub", *origin)
    stage.accepted(*[(DEBT, *YES)] * 3, text=TELLING)
    assert stage.tell() == 0
    diary = ("supply", "diary", "add", desk.home, QUILLON, "--show", "company")
    desk.do(*diary, "--step", "2", "--did", "Asked for wage records", "--document", "letter")
    desk.do(
        *diary, "--step", "6", "--did", "The foreman with the red motorcycle keeps badges", "--due", "2026-01-05"
    )
    desk.do("supply", "codes", "make", desk.home, "--name", "east bank", "F-1", "F-2", "F-3", "F-4", "F-5", "F-6")
    desk.do("supply", "codes", "hand-out", desk.home, "G-1", "F-1", "F-3", "F-5")
    assert stage.send("report.html", "company", "--asked") == 0
    assert stage.send("other.html", "company", "--asked") == 0
    (against,) = stage.tips((DEBT, ("to_company", "no")))
    stage.chain.link(against)
    stage.unlink(against)
    pictures = desk.folder / "pictures"
    pictures.mkdir()
    pages = {
        "codes": "/supply/codes",
        "group": "/supply/codes/G-1",
        "diary": "/factory/1/diary",
        "company": "/factory/1/report/company",
        "inside": "/factory/1/report/inside",
        "left": "/factories/reports",
        "correction": "/factories/reports/R-1/correct",
        "undone": f"/tip/{against}?held=yes",
    }
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        for name, path in pages.items():
            firefox.open(site + path)
            pictures_of(firefox, pictures, name)
        firefox.open(site + pages["company"])
        assert SENTENCE in firefox.text("main")
        firefox.open(site + pages["group"])
        firefox.press("form[action$='/cards'] button")
        pictures_of(firefox, pictures, "cards")
        firefox.open(site + pages["company"])
        body = "node => { node.ownerDocument.querySelector('#desk-language').value = 'ar' }"
        firefox.page.run(body, firefox.page.body())
        firefox.press("footer form button")
        for name, path in pages.items():
            firefox.open(site + path)
            look(firefox, pictures, f"{name}-right-to-left")


def test_the_file_of_a_report_is_readable_without_a_style(desk: Desk, firefox: Firefox, tmp_path: Path) -> None:
    stage = VoiceDesk(desk)
    stage.accepted(*[(DEBT, *YES)] * 3)
    assert stage.tell() == 0
    assert stage.send("report.html", "company", "--asked") == 0
    firefox.set_viewport(800, 1000)
    firefox.open((desk.folder / "report.html").as_uri())
    assert "Do not try to find out who spoke." in firefox.text("body")
    firefox.screenshot(tmp_path / "file.png")
