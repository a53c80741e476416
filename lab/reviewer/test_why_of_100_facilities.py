"""The flags of 100 facilities by chance: each sum is that of its lines, and each line opens its source."""

import datetime as dt
import random
import re

from reviewer.casebook.facility_matches import FacilityAnswer
from reviewer.facilities.accepting import accept_tip
from reviewer.facilities.evidence_work import FINDING_KINDS, add_document, add_finding
from reviewer.facilities.same_place import decide
from reviewer.home.home import open_home
from reviewer.supply.flags import Rule
from reviewer.supply.indicators import indicator_titles
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.desk.open_desk import OpenDesk, open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.facilities.chain_stage import GOODS, ChainDesk, steps_csv

FACILITIES = 100
TODAY = dt.date(2026, 11, 29)
LINE = re.compile(r" *(\d+)  \S")


def filled(desk: Desk) -> None:
    """Lists, steps, findings, documents and tips by chance, for facilities F-3 to F-102."""
    chance = random.Random("why of 100")
    chain = ChainDesk(desk)
    places = range(3, FACILITIES + 3)
    makes = ("Garments", "Leather", "Garments; Leather", "Candles", "")
    rows = [f"Mill {one} of Sorrel,{one} Elm Street,BD,{chance.choice(makes)}" for one in places]
    chain.bring("suppliers", "\n".join(("Factory,Street,Land,Makes", *rows)) + "\n")
    chain.bring("us-goods", GOODS, edition="2021")
    banned = [f"Trading House {one},{one} Quay,BD" for one in range(10)]
    chain.bring("uflpa", "\n".join(("Factory,Street,Land", *banned)) + "\n")
    # Each step uses a lot of which no step says where it comes from, and half of them give out more than came in.
    faults = [
        f"make-{one},make,2026-03-0{1 + one % 9},F-{one},{side},LOT-{one}-{side},{quantity},KGM,,"
        for one in chance.sample(places, 30)
        for side, quantity in (("in", 100), ("out", chance.choice((90, 120))))
    ]
    chain.bring("steps", steps_csv(*faults))
    known = list(indicator_titles())
    tips = chain.tips(*[tuple(chance.sample(("debt_bondage", "threats", "withholding_wages"), 2))] * 25)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        for number in range(10):
            banned_one, place = f"F-{FACILITIES + 3 + number}", f"F-{chance.choice(places)}"
            decide(home, place, banned_one, FacilityAnswer.SAME, because="seen there", today=TODAY)
        for tip in tips:
            for place in chance.sample(places, 3):
                accept_tip(home, tip, f"F-{place}", because="names the gate", today=TODAY)
        for place in chance.sample(places, 60):
            add_finding(
                *(home, f"F-{place}"),
                kind=chance.choice(FINDING_KINDS),
                points=chance.randint(1, 20),
                sentence=f"Finding of {place}",
                source="our visit",
                day=TODAY,
                indicator=chance.choice(("", *known)),
                today=TODAY,
            )
        for place in chance.choices(places, k=80):
            until = chance.choice((None, dt.date(2020, 1, 1), dt.date(2030, 1, 1)))
            add_document(
                *(home, f"F-{place}"), document="Fire paper", source="company", valid_until=until, today=TODAY
            )


def opened(desk: OpenDesk, row: str, kept: dict[str, str]) -> bool:
    """True if a line of the table leads to the row of a list, to a tip, or to a finding or document beside it."""
    links = [one for one in re.findall(r'href="([^"]+)"', row) if not one.startswith("/factory/")]
    for link in links:
        if link not in kept:
            kept[link] = seen(desk.page(link))
        place = link.split("/")
        shown = f"line {place[-1]}" if place[1] == "factories" else place[-1]
        assert shown.lower() in kept[link].lower(), link
    return bool(links) or re.search(r'name="name" value="S-\d+"', row) is not None


def test_the_sum_of_100_facilities_is_that_of_their_lines_and_each_line_opens_its_source(desk: Desk) -> None:
    filled(desk)
    told, kept, lines, rules = {}, dict[str, str](), 0, set[str]()
    for number in range(3, FACILITIES + 3):
        shown = desk.json("supply", "why", desk.home, f"F-{number}")
        told[number] = shown["points"]
        assert shown["points"] == sum(one["points"] for one in shown["flags"])
        rules |= {one["rule"] for one in shown["flags"]}
        assert all(one["source"] and one["sentence"] and one["day"] for one in shown["flags"])
        if number % 10 == 0:
            printed = desk.do("supply", "why", desk.home, f"F-{number}").splitlines()
            points = [int(found[1]) for found in map(LINE.match, printed) if found]
            assert points == [*(one["points"] for one in shown["flags"]), shown["points"]]
    with open_desk(desk.home) as opened_desk:
        for number, points in told.items():
            page = opened_desk.page(f"/factory/{number}")
            table = page.partition("<tbody>")[2].partition("</table>")[0]
            if not table:
                assert points == 0
                continue
            rows = re.findall(r"<tr><td>(\d+)</td>(.*?)</td></tr>", table.partition("</tbody>")[0], re.DOTALL)
            assert sum(int(one) for one, _row in rows) == points
            assert f"<strong>{points}</strong>" in table
            assert all(opened(opened_desk, row, kept) for _points, row in rows), number
            lines += len(rows)
    assert lines > 2 * FACILITIES
    assert rules >= set(Rule) - {Rule.MAYBE_LISTED}
    assert {link.split("/")[1] for link in kept} == {"factories", "tip"}
