"""Reports about a facility: what leaves, what is held back, and what a source's yes or no does to it."""

import datetime as dt
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from crypto.questions.builtin_questionnaires import builtin_files, read_questionnaire
from crypto.submissions.submission import Kind
from reviewer.casebook.proposals import QUARANTINE
from reviewer.diligence.releasing import TO_RENEW
from reviewer.diligence.report import NOT_TICKED, ONLY_AS_SENTENCE
from reviewer.diligence.sources import GONE_WITHOUT_YES, TOO_FEW_SOURCES, UNDECIDED, WITHOUT_YES
from reviewer.diligence.tip_overlap import NAMES_A_DAY, WHY_NOT, WORDS_OF_A_TIP, why_never
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.cases.test_proposals import propose
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.facilities.chain_stage import GOODS, QUILLON, ChainDesk

Answer = tuple[str, str]
YES = (("to_company", "yes"), ("to_authority", "yes"))
DEBT = ("debt", "yes")
SENTENCE = "Workers told us that they have to work to pay back a debt."
CANARIES = (
    *(
        "zanzibarquux",
        "the foreman with the red motorcycle",
        "4477012",
        "+44 7700 900123",
        "2026-08-17",
        "17 August",
    ),
    *("rota-of-hall-nine.pdf", "hall nine", "17 August", "Tagalog", "tl", "005724", "fifteen", "night shift"),
)
TELLING = (
    "Message zanzibarquux: the foreman with the red motorcycle keeps badge 4477012. Call +44 7700 900123. It began"
    " on 17 August (2026-08-17) in hall nine, on the night shift. I am fifteen."
)


class VoiceDesk:
    """A desk with a list of two factories and 60 workers known at the first."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.chain = desk, ChainDesk(desk)
        self._sent = 0
        self.workers(60)

    def workers(self, count: int) -> None:
        told = self.desk.json("supply", "workers", self.desk.home, QUILLON, str(count), "--source", "an audit")
        assert (told["facility"], told["workers"]) == (QUILLON, count)

    def tips(
        self,
        *answers: Sequence[Answer],
        mailbox: int = 0,
        text: str = "",
        form: str = "voice",
        days_later: int = 0,
        digest: str = "",
    ) -> list[str]:
        """Tips from ``voice``, each from a mailbox of its own, or all from one."""
        digest = digest or read_questionnaire(builtin_files()[form]).sha256.hex()
        assert self.desk.server.manifest is not None
        monday = self.desk.server.manifest.manifest.intake[0].week.monday
        envelopes = []
        for some in answers:
            self._sent += 1
            fields = [("text", f"{text or 'Letter'} {self._sent}."), ("language", "tl")]
            fields += [("door", form), ("questions", digest), *((f"q:{key}", value) for key, value in some)]
            envelopes.append(
                self.desk.server.seal(
                    fields=fields,
                    files=[("rota-of-hall-nine.pdf", "application/pdf", b"%PDF-1.4")] if text else (),
                    mailbox=a_mailbox(mailbox or self._sent),
                    submission_id=self._sent.to_bytes(16, "big"),
                    day=monday + dt.timedelta(days=days_later),
                )
            )
        return self.desk.take_in(*envelopes)

    def accepted(self, *answers: Sequence[Answer], text: str = "", form: str = "voice") -> None:
        for tip in self.tips(*answers, text=text, form=form):
            self.chain.link(tip)

    def unlink(self, tip: str) -> None:
        assert self.desk.json("supply", "unlink", self.desk.home, tip, QUILLON)["tip"] == tip

    def told_again(self, reader: str = "company") -> None:
        """A person decides on the refusal that left, and releases the sentence again."""
        settle = ("supply", "settle", self.desk.home, QUILLON, "--for", reader)
        assert self.sentences(reader) == []
        assert UNDECIDED in self.why_held(reader)
        assert self.tell(reader) == 1, "a no that was undone holds until a person decides"
        assert self.desk.run(*settle) == 1, "a decision has a reason"
        assert self.desk.json(*settle, "--because", "of another gate")["for"] == reader
        assert self.sentences(reader) == [], "the decision tells nothing by itself"
        assert TO_RENEW in self.why_held(reader)
        assert self.tell(reader) == 0
        assert self.sentences(reader) == [SENTENCE]
        assert self.desk.run(*settle, "--because", "twice") == 1, "no decision is waiting"

    def words_known(self, mailbox: int) -> None:
        """In this mailbox "someone may have my words" is pressed."""
        self._sent += 1
        fields = [("act", "words-known"), ("mailbox", a_mailbox(200).address().to_bytes().hex())]
        number = self._sent.to_bytes(16, "big")
        self.desk.take_in(
            self.desk.server.seal(kind=Kind.ACT, fields=fields, mailbox=a_mailbox(mailbox), submission_id=number)
        )

    def tell(self, reader: str = "company", indicator: str = "debt_bondage") -> int:
        words = (
            "supply",
            "tell",
            self.desk.home,
            QUILLON,
            indicator,
            "--for",
            reader,
            "--because",
            "all were asked",
        )
        return self.desk.run(*words)

    def looked_at(self, reader: str) -> dict[str, Any]:
        told: dict[str, Any] = self.desk.json("supply", "report", self.desk.home, QUILLON, "--for", reader)
        return told

    def sentences(self, reader: str) -> list[str]:
        return [one["sentence"] for one in self.looked_at(reader)["would_leave"]["findings"]]

    def why_held(self, reader: str) -> list[str]:
        """Why the sentences of this reader are held back."""
        return [why for one in self.looked_at(reader)["held_back"] for why in one["why"]]

    def send(self, name: str, reader: str = "company", *asked: str) -> int:
        words = ("supply", "report", self.desk.home, QUILLON, "--for", reader, "--to", "Example Brand")
        code = ("--code", self.looked_at(reader)["code"])
        return self.desk.run(*words, *asked, "--out", self.desk.folder / name, "--on-disk", *code)


@pytest.fixture
def stage(desk: Desk) -> VoiceDesk:
    return VoiceDesk(desk)


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


def test_two_sources_or_49_workers_are_not_enough_and_other_forms_never_count(stage: VoiceDesk) -> None:
    stage.accepted((DEBT, *YES), (DEBT, *YES))
    stage.accepted(*[(("signs", "debt_bondage"),)] * 3, form="work")
    assert stage.tell() == 1
    assert "fewer than 3 independent sources" in stage.desk.err
    stage.accepted((DEBT, ("to_company", "yes")))
    stage.workers(49)
    assert stage.tell() == 1
    assert "fewer than 50 workers" in stage.desk.err
    stage.workers(50)
    assert stage.sentences("company") == [], "nothing is told before a person releases it"
    assert stage.tell("authority") == 1, "the third said yes for the company only"
    assert stage.tell() == 0
    assert stage.sentences("company") == [SENTENCE]
    assert stage.sentences("authority") == []
    stage.workers(49)
    assert stage.sentences("company") == [], "each report asks again"


def test_one_source_without_a_yes_beats_all_others_also_in_a_tip_that_was_not_accepted(stage: VoiceDesk) -> None:
    stage.accepted(*[(DEBT, *YES)] * 4)
    assert stage.tell() == 0
    assert stage.sentences("company") == [SENTENCE]
    (later,) = stage.tips(
        (("change", "worse"), ("to_company", "not_sure"), ("to_authority", "yes")), mailbox=1, days_later=1
    )
    assert stage.sentences("company") == []
    assert stage.tell("authority") == 0
    (silent,) = stage.tips((("change", "worse"),), mailbox=2, days_later=1)
    assert stage.sentences("authority") == []
    for tip in (later, silent):
        stage.desk.do("bin", stage.desk.home, "--put", tip)
    assert stage.sentences("company") == [], "a deleted no is no yes"
    for mailbox in (1, 2):
        stage.tips((("change", "better"), *YES), mailbox=mailbox, days_later=2)
    assert stage.sentences("company") == [SENTENCE], "asked again, both said yes"
    (against,) = stage.tips((DEBT, ("to_company", "no"), ("to_authority", "yes")))
    stage.chain.link(against)
    assert WITHOUT_YES in stage.why_held("company")
    stage.desk.do("bin", stage.desk.home, "--put", against)
    assert stage.sentences("company") == []
    assert GONE_WITHOUT_YES in stage.why_held("company")
    stage.desk.do("bin", stage.desk.home, "--back", against)
    stage.unlink(against)
    stage.told_again()
    stage.chain.link(against)
    stage.desk.do("delete", stage.desk.home, against, "--because", "junk")
    assert stage.tell("company", "withholding_wages") == 1
    assert GONE_WITHOUT_YES in stage.desk.err, "a no outlives its tip, and its ticks are not kept"
    assert stage.sentences("company") == []
    assert TO_RENEW in stage.why_held("authority"), "it had said yes to an authority, and counts no more"
    assert stage.tell("authority") == 0
    assert stage.sentences("authority") == [SENTENCE]


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


def test_a_no_holds_for_all_that_its_source_ticked_in_any_form_and_another_persons_yes_is_none(
    stage: VoiceDesk,
) -> None:
    stage.accepted(*[(DEBT, *YES)] * 3)
    assert stage.tell() == 0
    assert stage.sentences("company") == [SENTENCE]
    (worked,) = stage.tips((("signs", "debt_bondage"),), form="work", mailbox=40)
    stage.chain.link(worked)
    assert stage.sentences("company") == [SENTENCE], "this source was not asked"
    stage.tips((("change", "worse"), ("to_company", "no")), mailbox=40, days_later=1)
    assert stage.sentences("company") == [], "it was asked in another form, and said no"
    stage.unlink(worked)
    stage.told_again()
    (unread,) = stage.tips((DEBT, *YES), mailbox=41)
    stage.chain.link(unread)
    stage.tips((("to_company", "no"),), mailbox=41, days_later=1, digest="ab" * 32)
    assert stage.sentences("company") == [], "an answer that cannot be read is no yes"
    stage.unlink(unread)
    stage.told_again()
    (lost,) = stage.tips((DEBT, *YES), mailbox=42)
    stage.chain.link(lost)
    assert stage.sentences("company") == [SENTENCE]
    stage.words_known(42)
    assert stage.sentences("company") == [], "another person may have said yes"


def test_a_no_that_a_quarantine_hides_is_a_no_and_a_hidden_yes_is_none(stage: VoiceDesk) -> None:
    stage.accepted(*[(DEBT, *YES)] * 2)
    third, against = stage.tips((DEBT, *YES), (DEBT, ("to_company", "no"), ("to_authority", "yes")))
    stage.chain.link(third)
    stage.chain.link(against)
    assert stage.tell("authority") == 0
    assert stage.sentences("authority") == [SENTENCE]
    with open_home(stage.desk.home, entry=SecretEntry(None)) as home:
        propose(home, against, number=1, reason=QUARANTINE)
    assert stage.tell() == 1
    assert WITHOUT_YES in stage.desk.err
    assert stage.sentences("authority") == [SENTENCE]
    with open_home(stage.desk.home, entry=SecretEntry(None)) as home:
        propose(home, third, number=2, reason=QUARANTINE)
    assert stage.sentences("authority") == [], "two that can be read said yes"


def test_a_no_counts_at_each_row_that_anyone_calls_this_place_and_outlives_the_list_of_that_row(
    stage: VoiceDesk,
) -> None:
    desk = stage.desk
    row = "Factory,Street,Land,Makes\nQUILLON GARMENTS LTD,Plot 6 Marrow Road Vessby,BD,\n"
    stage.accepted(*[(DEBT, *YES)] * 3)
    assert stage.tell() == stage.tell("authority") == 0
    assert stage.chain.bring("suppliers", row) == "L-2"
    against, other = stage.tips((DEBT, ("to_company", "no"), ("to_authority", "yes")), (DEBT, *YES))
    stage.chain.link(other, "F-3")
    assert stage.sentences("company") == [SENTENCE]
    stage.chain.link(against, "F-3")
    assert stage.sentences("company") == [], "a rule alone calls it this place"
    assert WITHOUT_YES in stage.why_held("company")
    desk.do("supply", "forget", desk.home, "L-2")
    assert stage.sentences("company") == []
    assert GONE_WITHOUT_YES in stage.why_held("company")
    assert stage.sentences("authority") == []
    assert stage.tell("authority") == 0, "with the list went a source on which the release may have rested"
    assert stage.sentences("authority") == [SENTENCE]


def test_a_yes_that_is_undone_or_a_row_that_is_no_longer_this_place_ends_the_release(stage: VoiceDesk) -> None:
    desk = stage.desk
    row = "Factory,Street,Land,Makes\nQuillon Knit,Gate 2 Vessby,BD,\n"
    assert stage.chain.bring("suppliers", row) == "L-2"
    for tip in stage.tips(*[(DEBT, *YES)] * 4):
        stage.chain.link(tip)
    assert stage.tell() == 0
    stage.unlink(tip)
    assert TO_RENEW in stage.why_held("company"), "three are left, and they are other three"
    assert stage.tell() == 0
    stage.chain.same(QUILLON, "F-3")
    (against,) = stage.tips((DEBT, ("to_company", "yes"), ("to_authority", "no")))
    stage.chain.link(against, "F-3")
    report = ("supply", "report", desk.home, "F-3", "--for", "company")
    code = desk.json(*report)["code"]
    out = ("--out", desk.folder / "f3.html", "--on-disk", "--code", code)
    desk.do(*report, "--to", "Other Brand", "--asked", *out)
    assert stage.tell("authority") == 1
    desk.do("supply", "decide", desk.home, QUILLON, "F-3", "different", "--because", "another gate")
    assert stage.sentences("company") == []
    assert stage.sentences("authority") == []
    assert UNDECIDED in stage.why_held("authority"), "its no stays at both rows"
    left = desk.json(
        "supply", "untell", desk.home, QUILLON, "debt_bondage", "--for", "company", "--because", "split"
    )
    assert [one["to"] for one in left["left_with_it"]] == ["Other Brand"], "its row was this place once"


def test_an_authority_reads_no_answer_that_may_repeat_a_sentence_for_the_company_alone(stage: VoiceDesk) -> None:
    desk = stage.desk
    stage.accepted(*[(DEBT, ("to_company", "yes"), ("to_authority", "no"))] * 3)
    assert stage.tell() == 0
    assert stage.send("a.html", "company", "--asked") == 0
    answer = desk.folder / "answer.txt"
    answer.write_text("No worker has to pay back a debt.", encoding="utf-8")
    desk.do("supply", "answered", desk.home, QUILLON, "--text", answer, "--day", "2026-10-02")
    assert len(stage.looked_at("company")["would_leave"]["answers"]) == 1
    told = stage.looked_at("authority")
    assert told["would_leave"]["answers"] == []
    assert "No answer of the company is in this report." in told["would_leave"]["missing"]
    assert "A-1" in [one["what"] for one in told["held_back"]]


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


def mark_in(page: str) -> str:
    """The mark of the report that a page shows."""
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "text", ["Visit in August", "Visit of Sept. 2026", "Asked on a Monday", "Asked 2026-08", "May 17", "17/08/26"]
)
def test_a_text_with_a_day_of_the_week_or_a_month_stays_inside(text: str) -> None:
    assert why_never(text) == NAMES_A_DAY
    assert not why_never("They may answer in 2026-Q3, or in 2027")
