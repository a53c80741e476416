"""Chains of custody from CSV and EPCIS: traces, what is wrong, duplicates, declared errors, and what is refused."""

import json

import pytest

from reviewer.viewers.table_epcis import epcis_rows
from reviewer.viewers.table_faults import TableFault, Trouble
from tests.reviewer.desk_stage import Desk
from tests.reviewer.facilities.chain_stage import QUILLON, ChainDesk, epcis, grown, made, steps_csv

COTTON = "urn:epc:class:lgtin:9506000.013435.COTTON1"
LINK = "https://shop.example.org/products/01/09506000134352/10/SHIRT-9"


@pytest.fixture
def chain(desk: Desk) -> ChainDesk:
    return ChainDesk(desk)


def trace(chain: ChainDesk, lot: str, way: str = "--up") -> list[tuple[int, str, str]]:
    told = chain.desk.json("supply", "trace", chain.desk.home, lot, way)
    return [(one["depth"], one["lot"], one["step"]["name"] if one["step"] else "gap") for one in told["lines"]]


def test_a_digital_link_on_a_shelf_leads_through_csv_and_epcis_to_the_field(chain: ChainDesk) -> None:
    chain.bring("steps", epcis(grown("e1", COTTON), made("e2", COTTON, "YARN-3")), ending="json")
    chain.bring(
        "steps",
        steps_csv(
            "sew,make,2026-04-01,QQ2026001BBBB2,in,YARN-3,50,KGM,,",
            f"sew,make,2026-04-01,QQ2026001BBBB2,out,{LINK},100,pieces,,",
        ),
    )
    lot = "https://id.gs1.org/01/9506000134352/10/SHIRT-9?17=271231"
    assert trace(chain, lot) == [(0, "01/09506000134352/10/SHIRT-9", "sew"), (1, "YARN-3", "e2"), (2, COTTON, "e1")]
    assert [name for _depth, _lot, name in trace(chain, COTTON, "--down")] == ["e2", "sew"]
    steps = chain.desk.json("supply", "trace", chain.desk.home, lot, "--up")["lines"]
    assert [line["step"]["facility"] for line in steps] == ["F-2", QUILLON, None]
    assert chain.weighed() == ("nothing known", 0)
    assert chain.desk.run("supply", "trace", chain.desk.home, "ANOTHER", "--up") == 1


def test_more_out_than_in_is_a_flag_with_both_figures_and_goes_with_its_list(chain: ChainDesk) -> None:
    events = epcis(grown("e1", COTTON), made("e2", COTTON, "YARN-3", went_in=100, came_out=120.5))
    steps = chain.bring("steps", events, ending="json")
    (flag,) = chain.why()["flags"]
    assert (flag["rule"], flag["points"]) == ("custody", 4)
    assert "120.5 KGM out" in flag["sentence"]
    assert "100 KGM in" in flag["sentence"]
    chain.desk.do("supply", "forget", chain.desk.home, steps)
    assert chain.weighed() == ("nothing known", 0)
    assert chain.desk.run("supply", "trace", chain.desk.home, "YARN-3", "--up") == 1


def test_the_same_event_counts_once_and_another_one_of_its_name_is_a_conflict(chain: ChainDesk) -> None:
    events = (grown("e1", COTTON), made("e2", COTTON, "YARN-3"))
    chain.bring("steps", epcis(*events, events[0]), ending="json")
    before = trace(chain, "YARN-3")
    told = chain.desk.json(*chain.importing("steps", epcis(*events, grown("e9", "X")), ending="json"))
    assert (told["steps"], told["faults"]) == (1, 0)
    assert trace(chain, "YARN-3") == before
    assert chain.desk.run(*chain.importing("steps", epcis(grown("e1", "OTHER")), ending="json")) == 1
    assert "another content" in chain.desk.err


def test_a_declared_error_strikes_an_event_out_and_forgetting_the_declaration_brings_it_back(
    chain: ChainDesk,
) -> None:
    events = (grown("e1", COTTON), made("e2", COTTON, "YARN-3"))
    chain.bring("steps", epcis(*events), ending="json")
    before = trace(chain, "YARN-3")
    declared = events[1] | {
        "errorDeclaration": {"declarationTime": "2026-05-01T00:00:00Z", "reason": "did_not_occur"}
    }
    again = chain.bring("steps", epcis(declared), ending="json")
    assert chain.desk.run("supply", "trace", chain.desk.home, "YARN-3", "--up") == 1
    chain.desk.do("supply", "forget", chain.desk.home, again)
    assert trace(chain, "YARN-3") == before


def test_foreign_contexts_and_unknown_fields_are_named_and_kept_and_nothing_is_fetched(chain: ChainDesk) -> None:
    event = grown("e1", COTTON) | {"acme:heat": "12", "disposition": "active"}
    chain.bring("steps", epcis(event, context="https://acme.example.org/context.jsonld"), ending="jsonld")
    (line,) = chain.desk.json("supply", "trace", chain.desk.home, COTTON, "--up")["lines"]
    left_out = line["step"]["left_out"]
    assert "@context https://acme.example.org/context.jsonld" in left_out
    assert "acme:heat, disposition" in left_out
    assert json.loads(line["step"]["event"]) == event


DEEP = json.dumps({"type": "EPCISDocument", "x": None}).replace("null", "[" * 10_000 + "]" * 10_000)


def test_a_document_that_is_nested_deep_is_refused_by_the_reader_and_nothing_changes(chain: ChainDesk) -> None:
    before = chain.desk.fingerprint()
    assert chain.desk.run(*chain.importing("steps", DEEP, ending="json")) == 1
    assert "nested deeper than 64 levels" in chain.desk.err
    assert (
        chain.desk.run(*chain.importing("steps", epcis(grown("e1", COTTON) | {"eventTime": "soon"}), ending="json"))
        == 1
    )
    assert "line 1: a day must be written" in chain.desk.err
    assert chain.desk.fingerprint() == before


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (DEEP, TableFault.TOO_DEEP),
        ('{"type": "EPCISDocument"}', TableFault.NOT_EPCIS),
        ("[1, 2", TableFault.NOT_EPCIS),
        ('{"type": "ObjectEvent", "action": "ADD", "action": "DELETE"}', TableFault.NOT_EPCIS),
        (epcis({"type": "ObjectEvent", "action": "ADD", "epcList": "x"}), TableFault.NOT_AN_EVENT),
        (epcis({"type": "QuantityEvent"}), TableFault.NOT_AN_EVENT),
        (epcis(grown("e1", COTTON) | {"action": ["ADD"]}), TableFault.NOT_AN_EVENT),
    ],
    ids=["deep", "no events", "cut", "a name twice", "no list", "another type", "no word"],
)
def test_what_is_no_document_of_events_is_named(content: str, fault: TableFault) -> None:
    with pytest.raises(Trouble) as refused:
        list(epcis_rows(content.encode()))
    assert refused.value.fault is fault


@pytest.mark.parametrize("ending", ["", "\\"])
def test_a_text_that_does_not_end_is_read_once_and_not_from_each_of_its_quotes(ending: str) -> None:
    with pytest.raises(Trouble) as refused:
        list(epcis_rows(('"' + '\\"' + "[" * 65 + ending).encode()))
    assert refused.value.fault is TableFault.NOT_EPCIS
