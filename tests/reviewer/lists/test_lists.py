"""Lists: all rows or none, a number is a hit and a name a question, and a removed list leaves no trace."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from reviewer.clean_copy.children import Children, CutShort
from reviewer.home.home import open_home
from reviewer.linking.list_page import ListPage
from reviewer.lists.list_import import ListChoice, import_watched
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.viewers.table_faults import Trouble
from reviewer.viewers.table_text import entity_lines
from reviewer.viewers.tables import TableProvenance, open_table
from system.clock import today
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import NUMBER, entities, findings, kept_person, tell
from tests.reviewer.linking.test_masking import harmed_person
from tests.reviewer.raw_pages import RawCasebook
from tests.template_rules import faults

ORIGIN = ("--publisher", "Invented Union", "--licence", "for members", "--edition", "2026-11")
AGENCIES = """Agency,Telephone,Country,Shoe size
Karel Vondrák,+44 7700 900123,CZ,44
Vondrak Karel,,CZ,45
Otto Quillmann,+44 7700 900999,DE,46
"""
TEXT = f"the boss is called Karel Vondrak, {NUMBER}"


def person(entity_id: str, **properties: list[str]) -> str:
    return json.dumps({"id": entity_id, "schema": "Person", "properties": properties})


def written(desk: Desk, name: str, content: str) -> Path:
    path = desk.folder / name
    path.write_text(content, encoding="utf-8")
    return path


def brought(desk: Desk, name: str, content: str, kind: str, *options: str) -> dict[str, Any]:
    """Import this list; the answer of the command."""
    told: dict[str, Any] = desk.json(
        "lists", "import", desk.home, written(desk, name, content), "--kind", kind, *ORIGIN, *options
    )
    return told


def matches(desk: Desk, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.json("lists", "hits", desk.home, *options)["matches"]
    return found


def test_a_number_is_a_hit_and_a_name_a_question_and_no_answer_joins_anything(desk: Desk) -> None:
    tip = tell(desk, TEXT)
    tell(desk, f"again {NUMBER}", mailbox=2)
    told = brought(desk, "agencies.csv", AGENCIES, "agencies")
    assert told == {"list": "L-1", "rows": 3, "entries": 3, "hits": 2, "questions": 2, "quarantined": 0}
    found = matches(desk)
    assert [(one["kind"], one["identifier"], one["line"]) for one in found] == [
        ("hit", "phone", 2),
        ("hit", "phone", 2),
        ("question", None, 2),
        ("question", None, 3),
    ]
    assert {one[key] for one in found for key in ("publisher", "licence", "version")} == {*ORIGIN[1::2]}
    assert entities(desk) == []  # nothing is kept by a hit
    question = found[3]["match"]
    numbers = {int(one["match"][2:]) for one in found}
    assert min(numbers) >= 1_000_000, "a gap between small numbers would tell of a tip that is hidden"
    assert max(numbers) - min(numbers) > len(numbers)
    assert desk.run("lists", "answer", desk.home, question, "yes") == 1
    assert "needs a reason" in desk.err
    desk.do("lists", "answer", desk.home, question, "yes", "--because", "one scar")
    desk.do("lists", "answer", desk.home, found[2]["match"], "no", "--because", "another town")
    (kept,) = entities(desk)
    assert (kept["kind"], kept["same"]) == ("person", [])
    assert [one["answer"] for one in matches(desk, "--answered")] == ["no", "yes"]
    desk.do("lists", "answer", desk.home, question, "open")
    assert question in {one["match"] for one in matches(desk)}
    before = desk.fingerprint()
    path = desk.folder / "agencies.csv"
    assert desk.run("lists", "import", desk.home, path, "--kind", "accused", *ORIGIN) == 1
    assert "here already as L-1" in desk.err
    assert desk.fingerprint() == before
    log = json.dumps(desk.json("log", "show", desk.home))
    assert not [word for word in ("Vondr", "7700", "scar", question) if word in log]
    assert tip not in json.dumps([one for one in desk.json("log", "show", desk.home) if "list" in one["act"]])


def test_a_tip_that_comes_later_is_compared_and_a_match_goes_where_its_finding_goes(desk: Desk) -> None:
    lines = [
        person("a", name=["Карел Вондрак", "Karel Vondrák"], phone=[NUMBER], birthDate=["1950"]),
        json.dumps({"id": "p", "schema": "Passport", "properties": {"holder": ["a"], "number": ["X 1234567"]}}),
        json.dumps({"id": "s", "schema": "Sanction", "properties": {"entity": ["a"]}}),
        json.dumps({"id": "c", "schema": "Company", "properties": {"name": ["Quillmann AG"]}}),
    ]
    path = written(desk, "entities.ftm.json", "\n".join(lines))
    looked = desk.json("lists", "import", desk.home, path, "--kind", "accused", "--dry-run")
    assert looked["entries"] == {"person": 1, "organisation": 1}
    assert looked["not_kept"] == {"Passport": 1, "Sanction": 1}
    assert desk.json("lists", "list", desk.home)["lists"] == []
    assert brought(desk, "entities.ftm.json", "\n".join(lines), "accused")["entries"] == 2
    tip = tell(desk, f"{TEXT}, passport X1234567")
    assert [(one["kind"], one["identifier"]) for one in matches(desk)] == [
        ("hit", "phone"),
        ("hit", "document"),
        ("question", None),
    ]
    assert matches(desk)[0]["facts"] == {"born": "1950"}
    phone = next(str(one["finding"]) for one in findings(desk, tip) if one["kind"] == "phone")
    desk.do("findings", "dismiss", desk.home, phone)
    assert len(matches(desk)) == 2
    desk.do("lists", "answer", desk.home, matches(desk)[1]["match"], "unsure", "--because", "Bqzwkvx")
    (kept,) = entities(desk)
    assert "list L-1, line 1" in desk.do("forget", desk.home, kept["entity"], "--dry-run")
    desk.do("bin", desk.home, "--put", tip)
    assert matches(desk) == []
    desk.do("bin", desk.home, "--back", tip)
    assert [one["answer"] for one in matches(desk, "--answered")] == ["unsure"]
    # The list goes while the tip lies in the bin: nothing of it comes back.
    desk.do("bin", desk.home, "--put", tip)
    desk.do("lists", "remove", desk.home, "L-1")
    assert "1 tips in the bin" in desk.err
    desk.do("bin", desk.home, "--back", tip)
    assert matches(desk) == matches(desk, "--answered") == []
    desk.do("forget", desk.home, kept["entity"])
    assert not RawCasebook(desk.home).holds("casebook.db", b"Bqzwkvx")


def test_a_hit_on_a_list_of_sought_persons_is_on_a_screen_and_in_no_file(desk: Desk) -> None:
    tip = tell(desk, TEXT)
    name = kept_person(desk, tip, "Karel Vondrak")
    content = "name,phone,note\nKarel Vondrák,+44 7700 900123,Zqxfind him"
    assert "hits" not in brought(desk, "missing.csv", content, "sought")
    shown = desk.do("lists", "hits", desk.home)
    assert "Zqxfind him" in shown
    assert "sought by the one whom she fled from" in desk.err
    assert desk.json("lists", "hits", desk.home) == {"matches": [], "protected": {}, "more": False}
    for file_format in ("ftm", "htcds"):
        told = desk.do("refer", desk.home, name, "--for", "Police", "--format", file_format, "--names", "--json")
        assert "Zqx" not in told
        assert "L-1" not in told
    with open_desk(desk.home) as opened:
        page = opened.page("/lists/hits")
        number = page.split("/lists/hit/")[1].split('"')[0]
        page = opened.page(f"/lists/hit/{number}")
        assert "This stays on this screen" in seen(page)
        assert "Zqxfind him" in seen(page)
        assert faults(page, source=False) == []
        assert "stays on this screen" in seen(opened.page(f"/entity/{name[2:]}"))


def test_hits_on_lists_of_sought_persons_take_no_place_among_those_that_go_into_a_file(desk: Desk) -> None:
    tell(desk, TEXT)
    brought(desk, "missing.csv", "name,phone\nZqx,+44 7700 900123", "sought")
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        found = ListPage(home).listed(with_sought=False, most=0)
        assert (found.shown, found.has_more) == ([], False), "“more” would tell of one"
        assert ListPage(home).listed(most=0).has_more
    brought(desk, "accused.csv", "name,phone\nQuil,+44 7700 900123", "accused")
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        (hit,) = ListPage(home).listed(with_sought=False, most=1).shown
    assert hit.watched.kind == "accused"
    brought(desk, "many.csv", "name,phone\n" + "Vojt,+44 7700 900123\n" * 51, "agencies")
    brought(desk, "second.csv", "name,phone\nZqy,+44 7700 900123", "sought")
    tell(desk, TEXT, mailbox=2)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        hits = [one.watched.name for one in ListPage(home).listed(most=300).shown]
    assert hits.count("L-4") == 2, "no list pushes a hit on another one out"


def test_a_harmed_person_is_on_no_list_page_until_a_reason_is_given(desk: Desk) -> None:
    _tip, protected, number = harmed_person(desk)
    brought(desk, "accused.csv", "name,phone\nZqxwvkj Nadja,+44 7700 900123", "accused")
    hidden = number.replace("E", "P")
    told = desk.json("lists", "hits", desk.home)
    assert told == {"matches": [], "protected": {hidden: 1}, "more": False}
    shown = desk.do("lists", "hits", desk.home)
    assert f"{hidden}: 1" in shown
    match = shown.split("HOME ")[1].split()[0]
    for told in (shown, desk.do("lists", "show", desk.home, match), json.dumps(matches(desk))):
        assert not [word for word in ("Nadja", "7700", "Zqx") if word in told]
    assert "Zqxwvkj" in desk.do("lists", "show", desk.home, match, "--because", "her lawyer called")
    assert "entity opened" in {one["act"] for one in desk.json("log", "show", desk.home)}
    with open_desk(desk.home) as opened:
        address = f"/lists/hit/{match[2:]}"
        for page in (opened.page("/lists/hits"), opened.page(address)):
            assert "7700" not in page
            assert "Zqx" not in page
        assert opened.post(f"{address}/open", because=" ").status_code == 422
        assert "Zqxwvkj" in opened.post(f"{address}/open", because="her lawyer called").text
    assert protected in {one["entity"].replace("P", "E") for one in entities(desk)}


def test_a_removed_list_leaves_no_trace_and_a_backup_from_before_brings_it_with_hits_and_answers(
    desk: Desk,
) -> None:
    tell(desk, TEXT)
    traces = [b"Zqxwvkj", b"Bqzwkvx", b"900124", b"agencies-zq.csv", b"Kqzx Union", b"SKLP"]
    content = "name,phone,note\nKarel Vondrák Zqxwvkj,+44 7700 900123;+44 7700 900124,bad\nSakalapa Vondrak,,"
    origin = ("--publisher", "Kqzx Union", *ORIGIN[2:])
    path = written(desk, "agencies-zq.csv", content)
    desk.do("lists", "import", desk.home, path, "--kind", "agencies", *origin)
    answered = matches(desk)[0]["match"]
    desk.do("lists", "answer", desk.home, answered, "unsure", "--because", "Bqzwkvx says so")
    backup, was = desk.backup(), [desk.json("lists", "list", desk.home), matches(desk), matches(desk, "--answered")]
    before = RawCasebook(desk.home)
    assert [one for one in traces if not before.holds("casebook.db", one)] == []
    desk.do("lists", "remove", desk.home, "L-1")
    assert "backups from before still have the list" in desk.err
    raw = RawCasebook(desk.home)
    assert raw.journals() == 0
    assert [one for one in traces if raw.holds("casebook.db", one)] == []
    assert matches(desk) == matches(desk, "--answered") == []
    assert desk.json("lists", "import", desk.home, path, "--kind", "agencies", *origin)["list"] == "L-2"
    assert desk.run("lists", "remove", desk.home, "L-1") == 1
    desk.do("log", "verify", desk.home)
    desk.home = desk.folder / "restored"
    desk.do("restore", desk.home, "--from", backup, "--identity", desk.root / "casebook-backup-reviewer.key")
    assert [desk.json("lists", "list", desk.home), matches(desk), matches(desk, "--answered")] == was


GOOD = person("a", name=["Karel"])
PAPERS = person("a", holder=[*"abcdefghijklmno"], number=[*"abcdefghijklmno"]).replace("Person", "Passport")
NOT_READ = [
    (f"{GOOD}\n[1]", 2, "NOT_ENTITY"),
    (f'{GOOD}\n{{"id": {"[" * 100_000}', 2, "NOT_JSON"),
    ('{"id": "a", "schema": "Person", "properties": {"name": [["x"]]}}', 1, "NOT_ENTITY"),
    ('{"id": "", "schema": "Person", "properties": {}}', 1, "NOT_ENTITY"),
    (f'{GOOD}\n{{"id": NaN}}', 2, "NOT_JSON"),
]
FAULTS = [
    ("cut.json", f'{GOOD}\n{{"id": "b", "sch', "line 2: each line must be one object of JSON"),
    ("schema.json", GOOD.replace("Person", "Hero"), "line 1: the schema must be one of FollowTheMoney"),
    ("twice.json", f"{GOOD}\n{GOOD}", "line 2: the id must be on one line only"),
    ("half.json", GOOD.replace("Karel", "\\ud800"), "line 1: text must be UTF-8"),
    ("nothing.json", GOOD.replace("Person", "Sanction"), "no entry that could be kept"),
    ("empty.csv", "name,phone\nKarel,\n,12\n", "line 3: a row must have a name or a whole identifier"),
    ("heads.csv", "colour,size\nred,1\n", "no column has a known heading"),
    ("papers.json", PAPERS, "line 1: a paper must have at most 200 numbers and holders"),
    ("list.txt", "Karel", "must end in"),
]


def test_a_hostile_or_broken_list_changes_nothing_and_the_error_names_the_line(desk: Desk) -> None:
    for content, line, fault in NOT_READ:
        with pytest.raises(Trouble) as trouble:
            list(entity_lines(io.BytesIO(content.encode())))
        assert (trouble.value.line, trouble.value.fault.name) == (line, fault)
    before = desk.fingerprint()
    for name, content, said in FAULTS:
        path = written(desk, name, content)
        assert desk.run("lists", "import", desk.home, path, "--kind", "accused", *ORIGIN) == 1, name
        assert said in desk.err, (name, desk.err)
    path = written(desk, "good.json", GOOD)
    assert desk.run("lists", "import", desk.home, path, "--kind", "accused") == 1
    assert "publisher, a licence and a version" in desk.err
    with path.open("wb") as large:
        large.truncate((512 << 20) + 1)
    assert desk.run("lists", "import", desk.home, path, "--kind", "accused", *ORIGIN) == 1
    assert "at most 512 MB" in desk.err
    assert desk.fingerprint() == before


def test_digests_of_a_list_put_a_file_into_quarantine_and_go_with_the_list(desk: Desk) -> None:
    content = b"a picture that an authority knows"
    desk.take_in(desk.server.seal(files=[("photo.jpg", "image/jpeg", content)]))
    own, other = hashlib.sha256(b"by hand").hexdigest(), hashlib.md5(b"x", usedforsecurity=False).hexdigest()
    desk.do("known-digests", "add", desk.home, written(desk, "own.txt", own))
    digests = f"{hashlib.sha256(content).hexdigest()}\n{own}\n{other}\n"
    assert brought(desk, "hashes.csv", digests, "digests")["quarantined"] == 1
    assert desk.json("known-digests", "list", desk.home)["known_digests"] == {"MD5": 1, "SHA-1": 0, "SHA-256": 2}
    before = desk.fingerprint()
    path = written(desk, "bad.csv", f"digest\n{other}\nnone\n")
    assert desk.run("lists", "import", desk.home, path, "--kind", "digests", *ORIGIN) == 1
    assert "line 3: a row must hold an MD5" in desk.err
    assert desk.fingerprint() == before
    desk.do("lists", "remove", desk.home, "L-1")
    assert desk.json("known-digests", "list", desk.home)["known_digests"] == {"MD5": 0, "SHA-1": 0, "SHA-256": 1}
    assert len(desk.json("quarantines", "list", desk.home)["quarantines"]) == 1


def test_a_list_is_shown_kept_answered_and_removed_at_the_desk(desk: Desk) -> None:
    tell(desk, TEXT)
    path = written(desk, "agencies.csv", f"{AGENCIES}\u202e<b>Quark</b> Zeta,,,\n")
    with open_desk(desk.home) as opened:
        given = {"file": str(path), "sheet": "1", "kind": "agencies"}
        assert opened.post("/lists/look", **given | {"kind": "x"}).status_code == 422
        page = opened.post("/lists/look", **given).text
        assert "Columns that are not read: 1. Shoe size" in seen(page)
        assert "&lt;b&gt;Quark&lt;/b&gt;" in page
        assert "\u202e" not in page
        assert faults(page, source=False) == []
        sha256 = page.split('name="sha256" value="')[1][:64]
        origin = {"publisher": "Invented Union", "licence": "for members", "edition": "2026-11"}
        assert opened.post("/lists/import", **given, **origin, sha256="0" * 64).status_code == 422
        page = opened.post("/lists/import", **given, **origin, sha256=sha256).text
        assert "L-1 is here: 4 entries. Hits: 1. Questions: 2." in seen(page)
        page = opened.page("/lists/hits")
        assert faults(page, source=False) == []
        number = page.split("/lists/hit/")[1].split('"')[0]
        assert opened.post(f"/lists/hit/{number}", answer="maybe", because="x").status_code == 422
        page = opened.done(f"/lists/hit/{number}", answer="yes", because="the same stamp")
        assert f"/lists/hit/{number}" not in page
        assert "the same stamp" in seen(opened.page(f"/lists/hit/{number}"))
        assert "The same phone stands on L-1".lower() in seen(opened.page("/entity/1")).lower()
        assert "Remove it for good" in seen(opened.page("/lists/1/remove"))
        page = opened.post("/lists/1/remove").text
        assert "L-1 is gone" in seen(page)
        assert "No list is here" in seen(page)


def test_the_desk_that_locks_ends_an_import_and_keeps_nothing(desk: Desk) -> None:
    path = written(desk, "agencies.csv", AGENCIES)
    children = Children()
    choice = ListChoice.of("agencies", path, regions=[])
    with open_home(desk.home, entry=SecretEntry(None)) as home, open_table(path, children=children) as table:
        children.end()
        provenance = TableProvenance(path.name, table.sha256, 1, "p", "l", "v", today())
        with pytest.raises(CutShort):
            import_watched(home, table, choice, provenance, today=today())
        assert home.casebook.listed.all() == []
