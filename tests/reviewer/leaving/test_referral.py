"""Referral: what leaves was shown. A harmed person leaves with a tick and a consent, and not after she withdrew."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from reviewer.linking.htcds_fields import HtcdsRecord, faults_of, htcds_document, standard_fields
from system.clock import today
from tests.fakes_server import a_mailbox
from tests.reviewer.desk.open_desk import open_desk
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.conftest import Receiver
from tests.reviewer.linking.invented_tips import NUMBER, findings, kept, kept_person, tell
from tests.reviewer.linking.test_masking import harmed_person

FOR = ("--for", "Shelter North", "--format", "ftm")
CONSENT = ("--for", "Shelter North", "--by", "herself", "--what", "a bed")


def two_at_work(desk: Desk) -> tuple[str, str, str]:
    """A tip with a person and the number that he uses."""
    tip = tell(desk, f"Karel has {NUMBER}")
    person = kept_person(desk, tip, "Karel")
    phone = next(one["finding"] for one in findings(desk, tip) if one["kind"] == "phone")
    (number,) = kept(desk, phone)
    more = ("--since", "2026-01-05", "--because", "it is his own")
    desk.do("relate", desk.home, person, "uses", number, "--finding", str(phone), *more)
    return tip, person, number


def lines_of(desk: Desk, *arguments: str) -> list[dict[str, object]]:
    """The lines that would leave."""
    told: list[dict[str, object]] = desk.json("refer", desk.home, *arguments, *FOR)["lines"]
    return told


def test_the_preview_has_every_field_that_leaves_and_the_sealed_package_has_no_tip_no_day_and_no_mailbox(
    desk: Desk, receiver: Receiver
) -> None:
    tip, person, number = two_at_work(desk)
    shown = lines_of(desk, person, number, "--names")
    got = receiver.folder / "got"
    heard = receiver.key[-16:]
    desk.leave(
        *("refer", desk.home, person, number, *FOR, "--names"),
        *("--key", receiver.key, "--compared", f"{heard[:8]} {heard[8:]}", "--to", got),
    )
    assert sorted(path.name for path in got.iterdir()) == ["README.txt", "evidence.tar.age"]
    (got / "key.txt").write_text(receiver.identity)
    assert receiver.follow(got / "README.txt").returncode == 0
    verified = receiver.follow(got / "evidence" / "README.txt")
    assert verified.returncode == 0, verified.stderr
    content = (got / "evidence" / "files" / "entities.ftm.json").read_text()
    assert [json.loads(line) for line in content.splitlines()] == shown
    schemas = {one["schema"]: one["properties"] for one in shown}
    assert schemas["Person"] == {"name": ["Karel"]}
    assert schemas["UserAccount"] == {"service": ["telephone"], "username": [NUMBER]}
    assert schemas["UnknownLink"]["role"] == ["uses"]  # type: ignore[index]
    packed = b"".join(path.read_bytes() for path in (got / "evidence").rglob("*") if path.is_file())
    mailbox = a_mailbox(1).mailbox_id.to_bytes()
    for hidden in (tip.encode(), mailbox, mailbox.hex().encode(), b'"arrived"', b"topics", b"crime"):
        assert hidden not in packed, hidden
    (left,) = desk.json("left", desk.home)["left"]
    assert (left["tips"], left["passages"], left["sealed_to"]) == ([], 0, receiver.key)
    assert left["entities"] == [person, number]
    log = json.dumps(desk.json("log", "show", desk.home))
    assert "Karel" not in log
    assert "7700" not in log


def test_without_names_a_person_leaves_as_a_number_and_two_receivers_get_different_ids(desk: Desk) -> None:
    _tip, person, number = two_at_work(desk)
    (line,) = lines_of(desk, person)
    assert line["properties"] == {"name": [person]}
    assert lines_of(desk, person) == [line]
    other = desk.json("refer", desk.home, person, number, "--for", "Police", "--format", "ftm")["lines"]
    assert line["id"] not in {one["id"] for one in other}


def test_a_harmed_person_leaves_only_with_a_tick_and_a_consent_for_this_receiver(desk: Desk) -> None:
    _tip, person, number = harmed_person(desk)
    assert desk.run("refer", desk.home, person, number, *FOR) == 1
    assert "protected or closed" in desk.err
    assert desk.run("refer", desk.home, "--with", person, *FOR) == 1
    assert "no consent of" in desk.err
    desk.do("consents", "add", desk.home, person, "--for", "Police", "--by", "herself", "--what", "a bed")
    assert desk.run("refer", desk.home, "--with", person, *FOR) == 1
    desk.do("consents", "add", desk.home, person, *CONSENT, "--day", "2026-01-05")
    (line,) = lines_of(desk, number, "--with", person, "--names")
    assert (line["schema"], line["properties"]) == ("Person", {"name": ["Nadja"]})
    assert "topics" not in json.dumps(line)
    # Her number belongs to her alone: it needs a tick of its own, and her consent counts for it.
    assert len(lines_of(desk, "--with", number, "--with", person)) == 3
    acts = [one["act"] for one in desk.json("log", "show", desk.home)]
    assert acts[-2:] == ["entity opened", "referral preview"]
    noted = desk.json("consents", "list", desk.home, person)["consents"]
    assert [(one["by"], one["receiver"], one["what"]) for one in noted][1] == ("herself", "Shelter North", "a bed")
    assert noted[1]["day"] == "2026-01-05"


def test_a_typed_reason_stands_in_place_of_a_consent_and_never_against_a_withdrawal(desk: Desk) -> None:
    _tip, person, _number = harmed_person(desk)
    reason = ("consents", "add", desk.home, person, "--for", "Shelter North", "--because", "court order 12")
    desk.do(*reason)
    assert len(lines_of(desk, "--with", person)) == 1
    desk.do("consents", "withdraw", desk.home, person, "--by", "herself")
    assert desk.run("refer", desk.home, "--with", person, *FOR) == 1
    assert desk.run(*reason) == 1
    assert "withdrew" in desk.err
    desk.do("consents", "add", desk.home, person, *CONSENT)
    assert len(lines_of(desk, "--with", person)) == 1
    assert desk.run("refer", desk.home, "--with", person, "--for", "Police", "--format", "ftm") == 1


def test_after_a_withdrawal_refer_refuses_her_and_what_is_hers_and_lists_who_received_what(
    desk: Desk, memory: Path
) -> None:
    _tip, person, number = harmed_person(desk)
    desk.do("consents", "add", desk.home, person, *CONSENT)
    assert desk.run("refer", desk.home, "--with", person, *FOR, "--to", memory / "a", "--plain-because", " ") == 1
    assert not (memory / "a").exists()
    written = ("refer", desk.home, "--with", person, *FOR, "--names", "--plain-because", "her own stick")
    desk.leave(*written, "--to", memory / "a")
    assert '"Nadja"' in (memory / "a" / "files" / "entities.ftm.json").read_text()
    received = desk.json("consents", "withdraw", desk.home, person, "--by", "herself")["received"]
    assert [(one["receiver"], one["properties"]) for one in received] == [("Shelter North", ["name"])]
    for one in (person, number):
        assert desk.run("refer", desk.home, "--with", one, *FOR, "--to", memory / "b", "--plain-because", "x") == 1
        assert "withdrew consent" in desk.err
    assert "Shelter North (name)" in desk.err or "no one received" in desk.err
    assert not (memory / "b").exists()
    # An entity that a person calls the same is refused as well.
    other = kept_person(desk, tell(desk, "Nadja again", mailbox=2), "Nadja")
    (warning,) = desk.json("refer", desk.home, other, *FOR)["warnings"]
    assert warning.startswith(f"{other} has the name of a protected or closed person")
    desk.do("links", "decide", desk.home, person, other, "same", "--because", "her lawyer said so")
    assert desk.run("refer", desk.home, "--with", other, *FOR) == 1
    assert "Shelter North (name)" in desk.err
    shutil.rmtree(memory / "a")


def test_she_learns_who_received_her_number_alone_and_not_who_received_what_others_use_too(
    desk: Desk, memory: Path
) -> None:
    tip, person, number = harmed_person(desk)
    desk.do("consents", "add", desk.home, person, *CONSENT)
    desk.leave("refer", desk.home, "--with", number, *FOR, "--to", memory / "a", "--plain-because", "her own stick")
    shutil.rmtree(memory / "a")
    boss = kept_person(desk, tell(desk, f"the boss Karel has {NUMBER}", mailbox=2), "Karel")
    town = kept_person(desk, tip, "locked", kind="place")
    finding = next(str(one["finding"]) for one in findings(desk, tip) if one["entity"] == town)
    for one in (person, boss):
        more = ("--until", "2025-01-01", "--because", "both were there")
        desk.do("relate", desk.home, one, "seen-at", town, "--finding", finding, *more)
    desk.leave("refer", desk.home, town, "--for", "Police", *FOR[2:], "--to", memory / "b", "--plain-because", "x")
    shutil.rmtree(memory / "b")
    received = desk.json("consents", "withdraw", desk.home, person, "--by", "herself")["received"]
    assert [one["receiver"] for one in received] == ["Shelter North"]


def test_the_words_of_a_consent_do_not_tell_her_name_until_she_is_opened(desk: Desk) -> None:
    _tip, person, _number = harmed_person(desk)
    words = ("--by", "nadja herself", "--what", "a bed for Nadja")
    desk.do("consents", "add", desk.home, person, *CONSENT[:2], *words)
    name = person.replace("E", "P")
    told = desk.json("consents", "list", desk.home)["consents"]
    assert [(one["by"], one["what"]) for one in told] == [(f"{name} herself", f"a bed for {name}")]
    with open_desk(desk.home) as opened:
        for page in (
            opened.page(f"/entity/{person[2:]}/consents"),
            opened.post("/refer", entities=person[2:], receiver="Shelter North").text,
        ):
            assert f"a bed for {name}" in page
            assert "Nadja" not in page
    preview = ("refer", desk.home, "--with", person, *FOR)
    assert f"{name}  {today().isoformat()}, consent of nadja herself: a bed for Nadja" in desk.do(*preview)
    assert "a bed" not in desk.do(*preview, "--json")


def test_a_withdrawal_outlives_the_bin_and_is_gone_with_the_tip_or_when_she_is_forgotten(desk: Desk) -> None:
    for last in ("forget", "delete"):
        tip, person, _number = harmed_person(desk)
        desk.do("consents", "add", desk.home, person, *CONSENT)
        desk.do("consents", "withdraw", desk.home, person, "--by", "herself")
        desk.do("bin", desk.home, "--put", tip)
        assert len(desk.json("consents", "list", desk.home)["consents"]) == 2
        desk.do("bin", desk.home, "--back", tip)
        assert desk.run("refer", desk.home, "--with", person, *FOR) == 1
        assert "withdrew consent" in desk.err
        if last == "forget":
            desk.do("forget", desk.home, person)
        else:
            desk.do("bin", desk.home, "--put", tip)
            desk.do("bin", desk.home, "--delete", tip)
        assert desk.json("consents", "list", desk.home)["consents"] == []


def test_who_recruited_whom_does_not_leave_and_a_closed_entity_needs_a_tick(desk: Desk) -> None:
    tip = tell(desk, "Karel and Otto")
    one, other = kept_person(desk, tip, "Karel"), kept_person(desk, tip, "Otto")
    evidence = next(row["finding"] for row in findings(desk, tip) if row["words"] == "Karel")
    desk.do("relate", desk.home, other, "recruited-by", one, "--finding", str(evidence))
    told = desk.json("refer", desk.home, one, other, *FOR)
    assert {line["schema"] for line in told["lines"]} == {"Person"}
    assert told["left_out"] == [f"who recruited whom, of {other} and {one}"]
    desk.do("entities", "close", desk.home, other)
    told = desk.json("refer", desk.home, one, other, *FOR)
    assert len(told["lines"]) == 1
    _tip, user, number = two_at_work(desk)
    desk.do("entities", "close", desk.home, number)
    assert desk.run("refer", desk.home, user, "--with", number, *FOR) == 1
    assert "no consent of" in desk.err
    desk.do("consents", "add", desk.home, number, "--for", " shelter north", "--because", "asked by the court")
    assert len(lines_of(desk, user, "--with", number)) == 3


def test_a_wrong_key_a_wrong_word_and_no_entity_are_refused_and_nothing_is_written(
    desk: Desk, receiver: Receiver
) -> None:
    _tip, person, _number = two_at_work(desk)
    out = receiver.folder / "got"
    for more, said in (
        (("--key", "age1nokey", "--compared", "x"), "not one of age"),
        (("--key", receiver.key, "--compared", "q3x7 5m2k 9d0w hjz4"), "not the last 16 letters"),
        (("--key", receiver.key), "--compared"),
        ((), "sealed or it is not"),
    ):
        assert desk.run("refer", desk.home, person, *FOR, "--to", out, *more) != 0
        assert said in desk.err
        assert not out.exists()
    assert desk.run("refer", desk.home, "E-999", *FOR) == 1
    assert desk.run("refer", desk.home, *FOR) == 1
    assert desk.json("left", desk.home)["left"] == []


def htcds(desk: Desk, *arguments: str) -> dict[str, Any]:
    """The records that would leave, and what is left out."""
    told: dict[str, Any] = desk.json("refer", desk.home, *arguments, "--for", "Shelter North", "--format", "htcds")
    assert [faults_of(one["fields"]) for one in told["lines"]] == [[]] * len(told["lines"])
    return told


def test_a_referral_of_case_work_has_only_fields_of_the_standard_and_no_tip_day_or_mailbox(
    desk: Desk, memory: Path
) -> None:
    tip, person, number = two_at_work(desk)
    other = tell(desk, "Invented Farms in Hamburg, write karel@example.org, plate B-XX 000", mailbox=2)
    firm = kept_person(desk, other, "Invented Farms", kind="organisation")
    more = {one["kind"]: one["finding"] for one in findings(desk, other) if one["kind"] in {"place", "email"}}
    (town, mail) = kept(desk, more["place"], more["email"])
    evidence = ("--finding", str(next(one["finding"] for one in findings(desk, tip) if one["words"] == "Karel")))
    desk.do("relate", desk.home, person, "works-for", firm, *evidence, "--since", "2025-05-01")
    desk.do("relate", desk.home, firm, "lives-at", town, "--finding", str(more["place"]))
    desk.do("relate", desk.home, person, "travelled-to", town, *evidence, "--since", "2025-03-03")
    told = htcds(desk, person, number, firm, town, mail, "--names")
    fields = [one["fields"] for one in told["lines"]]
    assert fields[0] == {"cas_ReferringOrganisation": "Example Watch", "cas_ReferredOrganisation": "Shelter North"}
    assert {"prs_FirstName": "Karel", "prs_MobilePhone": NUMBER}.items() <= fields[1].items()
    assert fields[1]["cco_CaseComment"] == "Karel works for Invented Farms since 2025-05-01."
    assert {"org_Name": "Invented Farms", "org_ShippingCity": "Hamburg", "org_ShippingCountry": "DE"} in fields
    event = next(one for one in fields if "hte_City" in one)
    assert (event["hte_City"], event["hte_Date"]) == ("Hamburg", "2025-03-03")
    (left_out,) = told["left_out"]
    assert left_out.startswith(f"{mail} (email): it has a field only beside a person or a firm")
    out = memory / "htcds"
    desk.leave(
        *("refer", desk.home, person, number, firm, town, "--names", "--for", "Shelter North", "--format", "htcds"),
        *("--to", out, "--plain-because", "her own stick"),
    )
    document = json.loads((out / "files" / "entities.htcds.json").read_text())
    assert [one["fields"] for one in document["records"]] == fields
    assert "80 of the 83 fields of this standard are drafts" in document["states"]
    packed = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file())
    mailbox = a_mailbox(1).mailbox_id.to_bytes()
    for hidden in (tip.encode(), mailbox, mailbox.hex().encode(), b'"arrived"', b"per_Role", b"vic_", b"con_"):
        assert hidden not in packed, hidden
    shutil.rmtree(out)


def test_her_place_leaves_as_its_country_unless_it_is_ticked_and_may_not_be_the_present_one(desk: Desk) -> None:
    tip = tell(desk, "Nadja and Karel were seen in Hamburg, and at the old mill in Lueneburg")
    person, boss = kept_person(desk, tip, "Nadja"), kept_person(desk, tip, "Karel")
    passage = next(one for one in findings(desk, tip) if one["words"] == "Hamburg")
    (town,) = kept(desk, passage["finding"])
    mill = kept_person(desk, tip, "old mill", kind="place")
    kept_for = {one["entity"]: str(one["finding"]) for one in findings(desk, tip)}
    for one in (person, boss):
        for place, more in ((town, ()), (mill, ("--until", "2025-01-01"))):
            desk.do("relate", desk.home, one, "seen-at", place, "--finding", kept_for[place], *more)
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    told = desk.json("refer", desk.home, boss, town, mill, *FOR)
    assert "Hamburg" in json.dumps(told)  # of Karel alone
    for name in (person, town, mill):
        desk.do("consents", "add", desk.home, name, *CONSENT)
    asked = ("refer", desk.home, boss, town, mill, "--with", person, *FOR[:2], "--tip", tip, "--passages", "all")
    for exact, said in (((), ""), (("--exact", town, "--exact", mill), "old mill")):
        for form in ("ftm", "htcds"):
            told = desk.json(*asked, "--format", form, *exact)
            assert "Hamburg" not in json.dumps(told), (form, exact)
            assert "Germany" in json.dumps(told["lines"]) or '"DE"' in json.dumps(told["lines"])
            assert ("old mill" in json.dumps(told["lines"])) is bool(said)
            assert any(one.startswith(f"{town} but for its country") for one in told["left_out"])
    assert "a harmed person may be there now" in json.dumps(told["left_out"])


def test_in_case_work_a_harmed_person_leaves_with_a_tick_only_and_her_place_is_a_country(desk: Desk) -> None:
    tip, person, number = harmed_person(desk)
    assert desk.run("refer", desk.home, person, *FOR[:2], "--format", "htcds") == 1
    desk.do("consents", "add", desk.home, person, *CONSENT)
    told = htcds(desk, "--with", person)
    assert [one["fields"] for one in told["lines"][1:]] == [{"prs_FirstName": person}]
    told = htcds(desk, "--with", person, "--with", number, "--names")
    assert told["lines"][1]["fields"] == {"prs_FirstName": "Nadja", "prs_MobilePhone": NUMBER}
    desk.do("consents", "withdraw", desk.home, person, "--by", "herself")
    assert desk.run("refer", desk.home, "--with", person, *FOR[:2], "--format", "htcds") == 1
    assert tip


def test_every_field_of_the_standard_is_in_the_table_and_a_wrong_or_deprecated_one_is_refused() -> None:
    known = standard_fields().values()
    assert [sum(one.status == state for one in known) for state in ("draft", "deprecated")] == [80, 3]
    good = {"prs_FirstName": "x", "hte_Type": "Transit", "hte_Date": "2025-03-03", "org_Phone": NUMBER}
    assert faults_of(good) == []
    bad = {"prs_Nose": "x", "vic_Vulnerabilities": "Poverty", "hte_Type": "Holiday", "hte_Date": "3.3.2025"}
    bad |= {"org_Phone": "call me", "hte_Country": "Germany", "prs_SecondName": "x" * 256, "hte_Latitude": "1"}
    assert faults_of(bad) == list(bad)
    with pytest.raises(ValueError, match="does not take: prs_Nose"):
        htcds_document([HtcdsRecord("E-1", "1", {"prs_Nose": "x"})])
