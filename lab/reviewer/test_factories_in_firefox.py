"""A researcher's day with factories in a real Firefox: lists, pairs by keyboard, a tip, a trace with a gap."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.firefox import Firefox
from lab.reviewer.test_desk_in_firefox import served
from lab.reviewer.test_linking_in_firefox import access, look
from tests.reviewer.desk_stage import Desk
from tests.reviewer.facilities.chain_stage import GOODS, NAMED, ChainDesk, epcis, grown, made, steps_csv

pytestmark = pytest.mark.browser

SUPPLIERS = """Factory,Street,Land,Makes
QUILLON GARMENTS LTD,Plot 6 Marrow Road Vessby,BD,Garments
Quillon Garments Limited,Plot 16 Marrow Road Vessby,BD,Garments
Sorrel Mill,1 Elm Street Nyhaven,BD,Leather
مصنع الزيتون للملابس,شارع النهر ١٢,BD,Garments
"""
SHIRT = "https://shop.example.org/01/09506000134352/10/SHIRT-9"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("browser"), width=320, scripts=True) as started:
        yield started


def pictures_of(firefox: Firefox, folder: Path, name: str) -> None:
    """Narrow, wide and dark; nothing sticks out and axe finds nothing."""
    look(firefox, folder, name)
    root = "node.ownerDocument.documentElement"
    for colours in ("dark", "light"):
        firefox.page.run(f"node => {{ {root}.className = '{colours}' }}", firefox.page.body())
        firefox.screenshot(folder / f"{name}-{colours}.png")


def test_a_researchers_day_with_factories(desk: Desk, firefox: Firefox) -> None:
    chain = ChainDesk(desk)
    chain.bring("suppliers", SUPPLIERS)
    chain.bring("us-goods", GOODS, edition="2021")
    chain.bring("uflpa", NAMED.format(name="Quillon Garments Ltd", street="Plot 6 Marrow Road Vessby"))
    events = [grown("e1", "COTTON-1"), made("e3", "YARN-1", "CLOTH-1", came_out=130)]
    chain.bring("steps", epcis(*events), ending="json")
    sewing = [
        "sew,make,2026-04-01,QQ2026001BBBB2,in,CLOTH-1,90,KGM,,",
        f"sew,make,2026-04-01,QQ2026001BBBB2,out,{SHIRT},400,pieces,Wage list,2026-03-01",
    ]
    chain.bring("steps", steps_csv(*sewing))
    tips = chain.tips(("debt_bondage", "threats"), ("retention_documents",))
    for tip in tips:
        chain.link(tip)
    pictures = desk.folder / "pictures"
    pictures.mkdir()
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        for path, name in (
            ("/factories", "by-level"),
            ("/factory/1", "place"),
            ("/factories/same", "pair"),
            ("/factories/lists", "lists"),
            (f"/tip/{tips[0]}", "tip"),
        ):
            firefox.open(site + path)
            pictures_of(firefox, pictures, name)
        firefox.open(f"{site}/factories/same")
        pair = firefox.text(".side-by-side")
        firefox.fill("#because", "another gate")
        access(firefox, "d")
        assert firefox.text("main") != pair
        firefox.open(f"{site}/factories/trace")
        firefox.fill("#lot", SHIRT)
        firefox.press("button[value='up']")
        assert "A gap: no step says where it comes from." in firefox.text("ol.trace")
        assert "130 KGM out, 100 KGM in" in firefox.text("ol.trace")
        pictures_of(firefox, pictures, "trace")
        firefox.open(f"{site}/factory/1")
        body = "node => { node.ownerDocument.querySelector('#desk-language').value = 'ar' }"
        firefox.page.run(body, firefox.page.body())
        firefox.press("footer form button")
        for path, name in (
            ("/factory/1", "place"),
            ("/factories", "by-level"),
            ("/factories/lists/L-2/2", "row"),
            ("/factory/1/money", "money"),
            ("/factory/1/report/authority", "authority"),
        ):
            firefox.open(site + path)
            look(firefox, pictures, f"{name}-right-to-left")
            assert name != "money" or "Invented Lists, edition 2026-11, line 2" in firefox.text("main")
    assert chain.weighed()[0] == "serious"
