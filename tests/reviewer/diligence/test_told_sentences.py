"""Sentences that a person released: when they may be told, and how a no holds them back."""

import datetime as dt

from reviewer.casebook.proposals import QUARANTINE
from reviewer.diligence.releasing import TO_RENEW
from reviewer.diligence.report import report_about
from reviewer.diligence.sources import GONE_WITHOUT_YES, UNDECIDED, WITHOUT_YES
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.cases.test_proposals import propose
from tests.reviewer.diligence.voice_desk import DEBT, SENTENCE, YES, VoiceDesk
from tests.reviewer.facilities.chain_stage import QUILLON


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
    with open_home(stage.desk.home, entry=SecretEntry(None)) as home:
        (told,) = report_about(home, QUILLON, "company", today=dt.date(2099, 5, 1)).findings
    assert told.when == "2099-Q2", "the quarter of the report, which says nothing of its sources"
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


def test_a_yes_that_comes_back_from_the_bin_is_none_once_its_mailbox_took_it_back(stage: VoiceDesk) -> None:
    first, second, third = stage.tips(*[(DEBT, *YES)] * 3)
    for tip in (first, second, third):
        stage.chain.link(tip)
    assert stage.tell() == 0
    stage.desk.do("bin", stage.desk.home, "--put", first)
    (against,) = stage.tips((("to_company", "no"), ("to_authority", "yes")), mailbox=1, days_later=1)
    stage.desk.do("delete", stage.desk.home, against, "--because", "junk")
    stage.desk.do("bin", stage.desk.home, "--back", first)
    assert stage.tell() == 1
    assert WITHOUT_YES in stage.desk.err
    assert stage.tell("authority") == 0


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
