"""Reports about a facility: what leaves, what is held back, and how it is withdrawn."""

import json
import re

import pytest

from reviewer.diligence.report import NOT_TICKED, ONLY_AS_SENTENCE
from reviewer.diligence.sources import TOO_FEW_SOURCES
from reviewer.diligence.tip_overlap import NAMES_A_DAY, WHY_NOT, WORDS_OF_A_TIP, why_never
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.diligence.voice_desk import CANARIES, DEBT, SENTENCE, TELLING, YES, VoiceDesk
from tests.reviewer.facilities.chain_stage import GOODS, PELT, QUILLON


def test_canaries_of_tips_stand_in_no_report_for_others(stage: VoiceDesk) -> None:
    desk = stage.desk
    stage.chain.bring("us-goods", GOODS)
    stage.accepted(*[(DEBT, *YES, ("place_code", "005724"), ("children", "yes"))] * 3, text=TELLING)
    assert stage.tell() == stage.tell("authority") == 0
    inside_only = ("supply", "diary", "add", desk.home, QUILLON, "--step", "2")
    diary = (*inside_only, "--show", "company", "--show", "authority")
    desk.do("supply", "good", desk.home, QUILLON, "leather", "--because", "seen there")
    desk.do("supply", "good", desk.home, QUILLON, "bags for the red motorcycle keeps", "--because", "zanzibarquux")
    for did in (
        "A worker wrote: the foreman with the red motorcycle keeps badges",
        "Asked about badge 4477012",
        "Visit on 17 August",
        "Spoke with the night shift",
        "A Tagalog speaker went there",
        "The place is compliant",
    ):
        desk.do(*diary, "--did", did, "--person", "zanzibarquux")
    desk.do(*diary, "--did", "Asked for wage records", "--document", "letter of the third quarter")
    desk.do(*inside_only, "--did", "For us: zanzibarquux")
    find = ("supply", "finding", desk.home, QUILLON, "--kind", "visit", "--indicator", "debt_bondage")
    find = (*find, "--points", "5", "--source", "our visit", "--day", "2026-09-01", "--text")
    desk.do(*find, "The foreman with the red motorcycle keeps a list")
    desk.do(*find, "Loans are written in a book")
    for reader in ("company", "authority"):
        for ending in ("html", "json"):
            assert stage.send(f"{reader}.{ending}", reader, "--asked") == 0
            left = (desk.folder / f"{reader}.{ending}").read_text(encoding="utf-8")
            words = set(left.replace('"', " ").replace("<", " ").replace(">", " ").split())
            assert not [one for one in CANARIES if one in left and (len(one) > 2 or one in words)]
            assert SENTENCE in left
            assert "Asked for wage records" in left
            assert "Loans are written in a book" in left
            assert "2026-Q3" in left
            assert "2026-09-01" not in left
            assert "compliant" not in left
            assert "Do not try to find out who spoke." in left
            assert ("No GTIN of a product is known." in left) == (reader == "authority")
    shown = desk.json("supply", "ftm", desk.home, QUILLON)["lines"]
    assert [one["schema"] for one in shown] == ["Address", "Company"]
    assert not [one for one in CANARIES if len(one) > 2 and one in json.dumps(shown)]
    assert not {one["id"] for one in shown} & {
        one["id"] for one in desk.json("supply", "ftm", desk.home, QUILLON)["lines"]
    }
    told = stage.looked_at("authority")["would_leave"]
    assert [one["name"] for one in told["products"]] == ["leather"]
    assert told["asked_of_company"][0]["report"] == "R-1"
    missing = {"No company that buys here is known.", "No answer of the company is in this report."}
    assert missing <= set(told["missing"])
    assert "missing" not in stage.looked_at("company")["would_leave"]
    inside = json.dumps(stage.looked_at("inside"))
    assert "zanzibarquux" in inside
    held = stage.looked_at("company")["held_back"]
    assert {why for one in held for why in one["why"]} == {*WHY_NOT, NOT_TICKED, ONLY_AS_SENTENCE, TOO_FEW_SOURCES}


def test_a_release_is_withdrawn_and_the_reports_that_left_with_it_are_corrected(stage: VoiceDesk) -> None:
    desk = stage.desk
    stage.accepted(*[(DEBT, *YES)] * 3)
    assert stage.tell() == 0
    assert stage.send("a.html") == 1
    assert "who could be blamed" in desk.err
    unseen = ("supply", "report", desk.home, QUILLON, "--for", "company", "--to", "Example Brand", "--asked")
    assert desk.run(*unseen, "--out", desk.folder / "a.html", "--on-disk") == 1
    assert "nothing leaves in one step" in desk.err
    assert not (desk.folder / "a.html").exists()
    assert stage.send("b.html", "company", "--asked") == 0
    again = ("supply", "again", desk.home, "R-1", "--out", desk.folder / "c.html", "--on-disk")
    stage.tips((("to_company", "no"),), mailbox=1, days_later=1)
    assert "A SENTENCE IN IT MAY NOT BE TOLD ANY MORE" in desk.do("supply", "reports", desk.home)
    assert desk.run(*again) == 1, "a source said no since"
    assert "may not be told any more" in desk.err
    stage.tips(YES, mailbox=1, days_later=2)
    desk.do(*again)
    told = desk.do(
        "supply", "untell", desk.home, QUILLON, "debt_bondage", "--for", "company", "--because", "asked to"
    )
    assert "R-1 to Example Brand" in told
    assert stage.sentences("company") == []
    out = desk.folder / "correction.html"
    correct = ("supply", "correct", desk.home, "R-1", "--because", "a worker asked", "--out", out, "--on-disk")
    for code in ((), ("--code", "ab" * 12)):
        assert desk.run(*correct, *code) == 1
    assert desk.json("supply", "reports", desk.home)["reports"][0]["withdrawn"] is None
    shown = desk.json("supply", "correct", desk.home, "R-1")
    assert (shown["to"], [one["to"] for one in shown["others"]]) == ("Example Brand", [])
    assert "It no longer holds." in " ".join(shown["says"])
    assert not out.exists()
    desk.do(*correct, "--code", shown["code"])
    correction = out.read_text(encoding="utf-8")
    assert "Example Brand" in correction
    assert "debt" not in correction
    assert "a worker asked" not in correction
    (left,) = desk.json("supply", "reports", desk.home)["reports"]
    assert left["withdrawn"]


def test_an_answer_of_the_company_stands_beside_the_finding_with_its_day(stage: VoiceDesk) -> None:
    desk = stage.desk
    stage.accepted(*[(DEBT, *YES)] * 3)
    assert stage.tell() == 0
    answer = desk.folder / "answer.txt"
    answer.write_text("We stopped it.", encoding="utf-8")
    words = ("supply", "answered", desk.home, QUILLON, "--text", answer, "--finding", "told:debt_bondage", "--day")
    assert desk.run(*words, "2026-10-02") == 1, "no report left with it"
    assert stage.send("a.html", "company", "--asked") == 0
    desk.do(*words, "2026-10-02")
    (finding,) = stage.looked_at("company")["would_leave"]["findings"]
    assert finding["answers"] == [{"day": "2026-10-02", "text": "We stopped it."}]
    assert stage.send("b.html", "company", "--asked") == 0
    assert "We stopped it." in (desk.folder / "b.html").read_text(encoding="utf-8")
    answer.write_text("We stopped it in all halls.", encoding="utf-8")
    assert desk.run(*words, "2026-10-02", "--in-place-of", "A-1") == 1, "a correction has a reason"
    kept = desk.json(*words, "2026-10-03", "--in-place-of", "A-1", "--because", "read wrongly")
    assert (kept["answer"], kept["withdrawn"]) == ("A-2", None)
    both = desk.json("supply", "answers", desk.home, QUILLON)["answers"]
    assert [bool(one["withdrawn"]) for one in both] == [True, False]
    (finding,) = stage.looked_at("company")["would_leave"]["findings"]
    assert finding["answers"] == [{"day": "2026-10-03", "text": "We stopped it in all halls."}]
    assert desk.json("supply", "unanswer", desk.home, "A-2", "--because", "another company")["left_with_it"] == []
    assert stage.looked_at("company")["would_leave"]["findings"][0]["answers"] == []
    assert desk.do("log", "show", desk.home).count("answer of a company withdrawn") == 2
    desk.do("supply", "again", desk.home, "R-2", "--out", desk.folder / "c.html", "--on-disk")
    assert (desk.folder / "c.html").read_bytes() == (desk.folder / "b.html").read_bytes()
    assert stage.send("nowhere/d.html", "company", "--asked") == 1
    assert len(desk.json("supply", "reports", desk.home)["reports"]) == 2, "no record of what was not written"


def test_the_desk_shows_what_is_held_back_and_asks_who_could_be_blamed(stage: VoiceDesk) -> None:
    stage.accepted(*[(DEBT, *YES)] * 3)
    (against,) = stage.tips((DEBT, ("to_company", "no"), ("to_authority", "yes")))
    with open_desk(stage.desk.home) as desk:
        kept = desk.done("/factory/1/diary", step="2", did="Asked for records", for_company="yes")
        assert "Asked for records" in kept
        report = "/factory/1/report/company"
        assert "None can be released" not in desk.page(report)
        assert SENTENCE in desk.done(f"{report}/sentence", indicator="debt_bondage", because="all said yes")
        assert "what derives from a tip leaves as a released sentence only" in seen(desk.page(report))
        target = stage.desk.folder / "report.html"
        fields = {"recipient": "Example Brand", "folder": str(target), "on_disk": "yes", "place": ""}
        fields["seen"] = mark_in(desk.page(report))
        refused = desk.post(f"{report}/send", blamed=" ", **fields)
        assert refused.status_code == 422
        assert 'value="Example Brand"' in refused.text
        assert not target.exists()
        sent = desk.post(f"{report}/send", blamed="those who complained before", **fields).text
        assert "R-1, " in seen(sent)
        assert SENTENCE in target.read_text(encoding="utf-8")
        assert "those who complained before" not in target.read_text(encoding="utf-8")
        gone = desk.done(f"{report}/sentence", indicator="debt_bondage", because="asked to", act="withdraw")
        assert "no person has released it" in gone
        assert "R-1 for Example Brand left with a sentence" in seen(gone)
        correction, out = "/factories/reports/R-1/correct", stage.desk.folder / "correction.html"
        assert f'href="{correction}"' in desk.page("/factories/reports")
        shown = desk.page(correction)
        assert "Example Brand" in seen(shown)
        assert "It no longer holds." in seen(shown)
        where = {"folder": str(out), "on_disk": "yes", "place": "", "because": "asked to"}
        assert desk.post(correction, **where).status_code == 422, "nothing leaves in one step"
        found = re.search(r'name="code" value="([0-9a-f]{24})"', shown)
        assert found
        assert not out.exists()
        assert "withdrawn on" in seen(desk.post(correction, code=found[1], **where).text)
        assert "Example Brand" in out.read_text(encoding="utf-8")
        accepted = {"facility": QUILLON, "because": "names the gate"}
        assert "had not said yes" not in seen(desk.done(f"/tip/{against}/factory", **accepted))
        assert "Its source had not said yes" in seen(desk.done(f"/tip/{against}/factory/undo", facility=QUILLON))
        desk.done(f"/tip/{against}/factory", **accepted)
        assert "or if its tip is accepted here again" in seen(desk.page(report))
        decided = seen(desk.done(f"{report}/settle", because="accepted again"))
        assert "Decide only if" not in decided
        assert "a source was asked and did not say yes" in decided, "its own answer counts"


def test_an_authority_reads_no_answer_that_may_repeat_a_sentence_for_the_company_alone(stage: VoiceDesk) -> None:
    desk = stage.desk
    stage.accepted(*[(DEBT, ("to_company", "yes"), ("to_authority", "no"))] * 3)
    assert stage.tell() == 0
    assert stage.send("a.html", "company", "--asked") == 0
    answer = desk.folder / "answer.txt"
    answer.write_text("No worker has to pay back a debt.", encoding="utf-8")
    stage.chain.same(QUILLON, PELT)
    desk.do("supply", "answered", desk.home, PELT, "--text", answer, "--day", "2026-10-02")
    assert len(stage.looked_at("company")["would_leave"]["answers"]) == 1
    told = stage.looked_at("authority")
    assert told["would_leave"]["answers"] == []
    assert "No answer of the company is in this report." in told["would_leave"]["missing"]
    assert "A-1" in [one["what"] for one in told["held_back"]]
    desk.do("supply", "decide", desk.home, QUILLON, PELT, "different", "--because", "another gate")
    told = desk.json("supply", "report", desk.home, PELT, "--for", "authority")
    assert told["would_leave"]["answers"] == [], "the report was about a row that once was this place"


def test_words_of_a_tip_that_was_accepted_by_mistake_leave_in_no_text(stage: VoiceDesk) -> None:
    (tip,) = stage.tips((DEBT,), text=TELLING)
    stage.chain.link(tip)
    stage.unlink(tip)
    diary = ("supply", "diary", "add", stage.desk.home, QUILLON, "--step", "2", "--show", "company", "--did")
    stage.desk.do(*diary, "The foreman with the red motorcycle keeps badges")
    told = stage.looked_at("company")
    assert told["would_leave"]["due_diligence"] == []
    assert WORDS_OF_A_TIP in [why for one in told["held_back"] for why in one["why"]]


def test_the_desk_shows_every_letter_that_leaves_and_lets_nothing_leave_that_it_did_not_show(
    stage: VoiceDesk,
) -> None:
    diary = ("supply", "diary", "add", stage.desk.home, QUILLON, "--step", "2", "--show", "company", "--did")
    stage.desk.do(*diary, "Asked for records. " * 40 + "Last words")
    assert "Last words" in stage.desk.do("supply", "report", stage.desk.home, QUILLON, "--for", "company")
    visit = (
        "supply",
        "finding",
        stage.desk.home,
        QUILLON,
        "--kind",
        "visit",
        "--points",
        "5",
        "--day",
        "2026-09-01",
    )
    stage.desk.do(*visit, "--source", "our visit", "--text", "Doors were locked. " * 20 + "The end of it")
    target = stage.desk.folder / "report.html"
    fields = {
        "recipient": "Example Brand",
        "folder": str(target),
        "on_disk": "yes",
        "place": "",
        "blamed": "no one",
    }
    with open_desk(stage.desk.home) as desk:
        report = "/factory/1/report/company"
        shown = desk.page(report)
        assert "Last words" in seen(shown)
        assert "The end of it" in seen(shown)
        assert "Plot 6, Marrow Road, Vessby" in seen(shown)
        desk.done("/factory/1/diary", step="3", did="Written in another window", for_company="yes")
        refused = desk.post(f"{report}/send", seen=mark_in(shown), **fields)
        assert refused.status_code == 422
        assert "Written in another window" in seen(refused.text)
        assert not target.exists()
        desk.post(f"{report}/send", seen=mark_in(refused.text), **fields)
        left = target.read_text(encoding="utf-8")
        assert "Written in another window" in left
        assert "The end of it" in left
        gone = desk.done("/factory/1/withdraw", name="S-1", because="another gate")
        assert "R-1 for Example Brand left with it." in seen(gone)
        assert "A finding in it was withdrawn: withdraw this report. S-1" in seen(desk.page("/factories/reports"))
    assert stage.desk.json("supply", "reports", stage.desk.home)["reports"][0]["withdrawn_findings"] == ["S-1"]
    again = ("supply", "again", stage.desk.home, "R-1", "--out", stage.desk.folder / "again.html", "--on-disk")
    assert stage.desk.run(*again) == 1
    assert "S-1 stands in R-1 and was withdrawn" in stage.desk.err


def mark_in(page: str) -> str:
    """The code of the report that a page shows."""
    found = re.search(r'name="seen" value="([0-9a-f]{24})"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "text", ["Visit in August", "Visit of Sept. 2026", "Asked on a Monday", "Asked 2026-08", "May 17", "17/08/26"]
)
def test_a_text_with_a_day_of_the_week_or_a_month_stays_inside(text: str) -> None:
    assert why_never(text) == NAMES_A_DAY
    assert not why_never("They may answer in 2026-Q3, or in 2027")
