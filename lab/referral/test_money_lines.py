"""The package followthemoney takes every line that ``refer`` writes, and changes none."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from reviewer.linking.money_lines import MoneyLine, line_id, properties_of
from reviewer.linking.tip_reading import KINDS
from reviewer.lists.money_entries import SCHEMATA
from tests.reviewer.conftest import bare_desk, desk, furnish  # noqa: F401 -- fixtures
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.test_referral import FOR, two_at_work
from tests.reviewer.linking.invented_tips import findings, kept, kept_person, tell

HERE = Path(__file__).parent
FICTION = "+442079460958"
"""A number of the range that the British regulator keeps for films; a telephone could have it."""

VALUES = {
    "person": ["Karel", "Карел", "=1+1", "\u202ekaraK"],
    "organisation": ["Invented Farms"],
    "phone": [FICTION],
    "handle": ["telegram:karel_invented"],
    "email": ["karel@example.org"],
    "web": ["example.org/work"],
    "iban": ["GB33BUKB20201555555555"],
    "crypto": ["1BoatSLRHtKNngkdXEeobR76b53LETtpyT"],
    "plate": ["XX 000 XX"],
    "ship": ["IMO 9074729"],
    "place": ["Hamburg, DE"],
}


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has followthemoney."""
    made = tmp_path_factory.mktemp("money")
    subprocess.run(["/usr/bin/python3", "-m", "venv", made], check=True)
    python = made / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "-r", HERE / "requirements.txt"], check=True)
    return python


def judged(judge: Path, lines: Sequence[str]) -> list[dict[str, object]]:
    """The judgement on each line."""
    done = subprocess.run(
        [judge, HERE / "judge.py"], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True
    )
    told: list[dict[str, object]] = json.loads(done.stdout)
    return told


def line_of(kind: str, values: Sequence[str]) -> str:
    """The line of an entity of this kind."""
    schema, properties = properties_of(kind, values)
    return MoneyLine("E-1", line_id("Police", kind.encode()), schema, properties).line()


def test_each_kind_has_a_line_that_the_package_takes_unchanged_also_with_words_of_any_form(judge: Path) -> None:
    assert set(KINDS) - set(VALUES) == {"document", "date"}
    assert json.loads(line_of("phone", VALUES["phone"]))["properties"]["phone"] == [FICTION]
    by_hand = [line_of(kind, ["by hand +12 @ or so"]) for kind in VALUES]
    for one in judged(judge, [*(line_of(kind, values) for kind, values in VALUES.items()), *by_hand]):
        assert one["faults"] == [], one


def test_the_package_knows_each_schema_that_a_list_may_have_and_no_other(judge: Path) -> None:
    names = "import json, followthemoney as ftm; print(json.dumps([one.name for one in ftm.model]))"
    known = json.loads(subprocess.run([judge, "-c", names], capture_output=True, text=True, check=True).stdout)
    assert set(known) == SCHEMATA


def test_the_judge_finds_a_fault_in_a_spoilt_line(judge: Path) -> None:
    spoilt = json.dumps({"id": "1", "schema": "Person", "properties": {"nose": ["long"]}})
    (one,) = judged(judge, [spoilt])
    assert one["faults"] != []


def test_the_package_takes_a_whole_referral_with_relations(
    judge: Path,
    desk: Desk,  # noqa: F811 -- the fixture
) -> None:
    tip, person, number = two_at_work(desk)
    firm = kept_person(desk, tell(desk, "Otto at karel@example.org in Hamburg", mailbox=2), "Otto")
    more = [row["finding"] for row in findings(desk) if row["words"] in {"karel@example.org", "Hamburg"}]
    names = [person, number, firm, *kept(desk, *more)]
    evidence = next(str(row["finding"]) for row in findings(desk, tip) if row["words"] == "Karel")
    desk.do("relate", desk.home, person, "works-for", firm, "--finding", evidence, "--until", "2026-02-01")
    told = desk.json("refer", desk.home, *names, *FOR, "--names")["lines"]
    found = judged(judge, [json.dumps(line) for line in told])
    assert [one["faults"] for one in found] == [[]] * 7
    assert [one["schema"] for one in found].count("UnknownLink") == 2
