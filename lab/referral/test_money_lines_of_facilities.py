"""The package followthemoney takes every line that ``supply ftm`` writes, and changes none."""

import json
from pathlib import Path

from lab.referral.test_money_lines import judge, judged
from reviewer.supply.facility_vocabulary import is_country
from tests.reviewer.conftest import bare_desk, desk, furnish
from tests.reviewer.desk_stage import Desk
from tests.reviewer.facilities.chain_stage import MAPS, ORIGIN, QUILLON, ChainDesk

__all__ = ["bare_desk", "desk", "furnish", "judge"]

COLUMNS = """name = "Factory"
address = "Street"
country = "Land"
goods = "Makes"
buyer = "Buyer"
since = "Since"
[identifiers]
lei = "LEI"
tax = "Tax"
gln = "GLN"
"""
ROWS = """Factory,Street,Land,Makes,Buyer,Since,LEI,Tax,GLN
QUILLON GARMENTS LTD,Plot 6  Marrow Road Vessby,BD,Garments,Example Brand,2019,,,
"=1+1 \u202eWorks",مصنع الزيتون,BD,,Example Brand,spring of 2023,,X-12/3,
Sorrel Mill,,,Leather,Other Brand,2020-05-17,,,4012345000009
"""


def test_the_package_takes_facilities_addresses_buyers_and_confirmed_places_unchanged(
    judge: Path,
    desk: Desk,
) -> None:
    chain = ChainDesk(desk)
    path, columns = desk.folder / "buyers.csv", desk.folder / "buyers.toml"
    path.write_text(ROWS, encoding="utf-8")
    columns.write_text(COLUMNS, encoding="utf-8")
    desk.do(
        "supply", "import", desk.home, path, "--kind", "suppliers", "--columns", columns, *ORIGIN, "--edition", "5"
    )
    chain.same(QUILLON, "F-3")
    out = desk.folder / "places.ftm.json"
    desk.leave("supply", "ftm", desk.home, QUILLON, "F-4", "F-5", "--out", out, "--on-disk")
    lines = out.read_text(encoding="utf-8").splitlines()
    found = judged(judge, lines)
    assert [one["faults"] for one in found] == [[]] * len(lines)
    schemata = [one["schema"] for one in found]
    assert (schemata.count("Company"), schemata.count("UnknownLink")) == (6, 4)
    first = {json.loads(line)["id"] for line in lines}
    assert len(first) == len(lines)
    again = desk.json("supply", "ftm", desk.home, QUILLON, "F-4", "F-5")["lines"]
    assert first.isdisjoint(one["id"] for one in again)
    assert MAPS


def test_the_package_knows_each_country_that_a_list_may_name(judge: Path) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    codes = [one + other for one in letters for other in letters if is_country(one + other)]
    lines = [
        json.dumps({"id": code, "schema": "Company", "properties": {"name": [code], "country": [code.lower()]}})
        for code in codes
    ]
    assert [one for one in judged(judge, lines) if one["faults"]] == []
