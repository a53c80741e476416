"""Story 5 in a real Firefox: three lists and an open table come on a stick, are looked at, answered and removed.

The keyboard reaches the button. Narrow as at 400 %, wide, dark and from right to left.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.firefox import TAB, Firefox
from lab.reviewer.test_desk_in_firefox import served, unfit
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import kept_person, tell
from tests.reviewer.linking.test_masking import harmed_person
from tests.reviewer.lists.test_lists import TEXT, person, written
from tests.reviewer.publication.test_open_tables import ESTIMATES, RECORDS

pytestmark = pytest.mark.browser

NUMBERED = "Zq 90 123"
AGENCIES = f"""Agency,Telephone,Registration number,Shoe size
Karel Vondrák,+44 7700 900123,,44
Invented Staff Ltd,,{NUMBERED},45
\u202e<b>{"Quark" * 60}</b>,,,
"""
SANCTIONS = "\n".join(
    (
        person("a", name=["Карел Вондрак", "Karel Vondrák"], birthDate=["1950"], topics=["sanction"]),
        json.dumps({"id": "s", "schema": "Sanction", "properties": {"entity": ["a"]}}),
    )
)
SOUGHT = "name,phone,note\nKarel Vondrák,+44 7700 900123,last seen in Vessby; his family asks\nNadja,,\n"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("browser"), width=320, scripts=True) as started:
        yield started


def look(firefox: Firefox, pictures: Path, name: str) -> None:
    """Nothing sticks out and axe finds nothing, narrow and wide; a picture of each."""
    for width in (320, 1100):
        firefox.set_viewport(width, 800)
        assert unfit(firefox) == [], (name, width)
        firefox.page.run("node => node.ownerDocument.documentElement.className = 'light'", firefox.page.body())
        firefox.screenshot(pictures / f"{name}-{width}.png")


def choose(firefox: Firefox, field: str, value: str) -> None:
    firefox.page.run(
        f"node => {{ node.ownerDocument.querySelector('{field}').value = '{value}' }}", firefox.page.body()
    )


def bring(firefox: Firefox, site: str, path: Path, kind: str, pictures: Path, *, only: str = "") -> None:
    firefox.open(f"{site}/lists")
    firefox.fill("#file", str(path))
    choose(firefox, "#kind", kind)
    if only:
        firefox.press("details.filter summary", loads=False)
        firefox.fill("#only", only)
    firefox.press("form[action='/lists/look'] button")
    look(firefox, pictures, f"preview-{kind}")
    firefox.fill("#publisher", "Invented Union of Workers")
    firefox.fill("#licence", "for members")
    firefox.fill("#edition", "2026-11")
    firefox.press_key(TAB)
    assert firefox.focused() == "Keep this list"
    firefox.press("form[action='/lists/import'] button")


def test_lists_are_brought_answered_and_removed(desk: Desk, firefox: Firefox) -> None:
    tip = tell(desk, f"{TEXT}, the firm has the number {NUMBERED}", mailbox=2)
    boss = kept_person(desk, tip, "Karel Vondrak")
    kept_person(desk, tip, NUMBERED, kind="document")
    harmed_person(desk)
    pictures = desk.folder / "pictures"
    pictures.mkdir()
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        bring(firefox, site, written(desk, "agencies.csv", AGENCIES), "agencies", pictures)
        assert "3 of your entities may be on it, by an equal number: 2." in firefox.text("main")
        look(firefox, pictures, "brought")
        bring(firefox, site, written(desk, "entities.ftm.json", SANCTIONS), "accused", pictures)
        assert "One of your entities may be on it, by an equal number: 0." in firefox.text("main")
        hotline = hashlib.sha256(b"a picture that a hotline knows").hexdigest()
        bring(firefox, site, written(desk, "hotline.csv", f"sha256\n{hotline}\n"), "digests", pictures)
        bring(firefox, site, written(desk, "missing.csv", SOUGHT), "sought", pictures)
        firefox.press("#main a[accesskey=n]")
        look(firefox, pictures, "hits")
        firefox.page.run("node => node.ownerDocument.documentElement.classList.add('dark')", firefox.page.body())
        firefox.screenshot(pictures / "hits-dark.png")
        firefox.press("#main li a:has(~ .mark)")
        assert "This stays on this screen" in firefox.text("main")
        look(firefox, pictures, "sought")
        firefox.open(f"{site}/entity/{boss[2:]}")
        look(firefox, pictures, "entity")
        firefox.open(f"{site}/lists/hits")
        firefox.press("#main li a")
        firefox.fill("#because", "the same stamp on both contracts")
        firefox.press("button[value=yes]")
        assert "/lists/hits" in firefox.page.run(
            "node => node.ownerDocument.location.pathname", firefox.page.body()
        )
        firefox.open(f"{site}/lists/1/remove")
        look(firefox, pictures, "remove")
        bring(firefox, site, written(desk, "ctdc.csv", RECORDS), "table", pictures)
        totals = "sex.label=Total"
        bring(firefox, site, written(desk, "ilo.csv", ESTIMATES), "table", pictures, only=totals)
        firefox.open(f"{site}/published/open-tables?indicators=1")
        assert "67 of 100" in firefox.text("main")
        look(firefox, pictures, "open-tables")
        firefox.page.run("node => node.ownerDocument.documentElement.classList.add('dark')", firefox.page.body())
        firefox.screenshot(pictures / "open-tables-dark.png")
        choose(firefox, "#desk-language", "ar")
        firefox.press("footer button")
        for page, name in (("lists", "lists"), ("lists/hits", "hits"), ("published/open-tables", "open-tables")):
            firefox.open(f"{site}/{page}")
            assert unfit(firefox) == [], name
            firefox.screenshot(pictures / f"{name}-right-to-left.png")
        assert firefox.hosts_asked() - {"data"} == {"127.0.0.1"}
