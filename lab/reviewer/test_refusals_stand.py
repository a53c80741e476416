"""Random tips of a few mailboxes go one by one: no sentence that was refused is told after it."""

import datetime as dt
import random

import pytest

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_matches import FacilityAnswer
from reviewer.diligence.readers import OUTSIDE, TOLD
from reviewer.diligence.releasing import tellable
from reviewer.diligence.sources import AskedSources
from reviewer.facilities.accepting import accept_tip, undo_acceptance
from reviewer.facilities.places import confirmed_place
from reviewer.facilities.same_place import decide
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.desk_stage import Desk
from tests.reviewer.diligence.voice_desk import DEBT, YES, VoiceDesk

ROUNDS = 12
TIPS, MAILBOXES = 9, 4
TODAY = dt.date(2026, 11, 29)
ANSWERS = ("yes", "yes", "yes", "no", "not_sure", "")


def told(casebook: Casebook, facility: int = 1) -> set[tuple[str, str]]:
    """The sentences that could be told to a reader: indicator and reader."""
    asked = AskedSources(casebook, confirmed_place(casebook, facility))
    return {(one, reader) for one in TOLD for reader in OUTSIDE if not asked.voices(one, reader).lacks()}


def yeses(casebook: Casebook) -> dict[tuple[str, str], int]:
    """The number of sources that said yes where nothing else holds a sentence back."""
    asked = AskedSources(casebook, confirmed_place(casebook, 1))
    found = {(one, reader): asked.voices(one, reader) for one in TOLD for reader in OUTSIDE}
    return {
        key: 0 if one.did_not or one.is_held or one.is_undecided else one.said_yes for key, one in found.items()
    }


def sent(stage: VoiceDesk, chance: random.Random) -> list[str]:
    tips: list[str] = []
    for _ in range(TIPS):
        form = chance.choice(("voice", "voice", "voice", "work"))
        mailbox, day = chance.randint(1, MAILBOXES), chance.randint(0, 2)
        if form == "work":
            some = (("signs", chance.choice(("debt_bondage", "withholding_wages"))),)
        else:
            given = {key: chance.choice(ANSWERS) for key in ("to_company", "to_authority")}
            some = (("debt", chance.choice(("yes", "no"))), *((key, one) for key, one in given.items() if one))
        tips += stage.tips(tuple(some), mailbox=mailbox, form=form, days_later=day)
    return tips


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_deletion_never_makes_a_sentence_tellable(desk: Desk, seed: int) -> None:
    chance = random.Random(f"refusals {seed}")
    stage = VoiceDesk(desk)
    tips = sent(stage, chance)
    if chance.random() < 0.3:
        stage.words_known(chance.randint(1, MAILBOXES))
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        for tip in tips:
            if chance.random() < 0.8:
                accept_tip(home, tip, "F-1", because="names the gate", today=TODAY)
        # Equal contents in two mailboxes, as a server brings them that crashed while it kept a tip.
        small = home.casebook._files.small
        for _ in range(chance.randint(0, 2)):
            one, other = chance.sample(tips, 2)
            numbers = [home.casebook.submissions.find(each).number for each in (one, other)]
            small.run("INSERT OR REPLACE INTO same_contents VALUES (?, x'aa'), (?, x'aa')", numbers)
        chance.shuffle(tips)
        for tip in tips:
            before, counts = told(home.casebook), yeses(home.casebook)
            submission = home.casebook.submissions.find(tip)
            if chance.random() < 0.5:
                home.casebook.bin.put(submission, today=TODAY)
            else:
                home.casebook.deletions.delete([submission], reason="junk", today=TODAY)
            after = yeses(home.casebook)
            assert told(home.casebook) <= before
            assert all(after[key] <= count for key, count in counts.items()), (seed, tip)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_no_order_of_bin_and_deletion_makes_a_refused_sentence_tellable(desk: Desk, seed: int) -> None:
    chance = random.Random(f"bin {seed}")
    stage = VoiceDesk(desk)
    agreed = stage.tips(*[(DEBT, *YES)] * 3)
    # The first of them takes it back, and writes in forms that do not ask: none of that was accepted.
    here, binned = [agreed[0]], list[str]()
    for _ in range(4):
        asks, day = chance.random() < 0.6, chance.randint(0, 2)
        some = tuple((key, chance.choice(("yes", "no"))) for key in ("to_company", "to_authority"))
        worked = (("signs", "debt_bondage"),)
        form = "voice" if asks else "work"
        here += stage.tips(some if asks else worked, mailbox=1, form=form, days_later=day)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        casebook = home.casebook
        for tip in agreed:
            accept_tip(home, tip, "F-1", because="names the gate", today=TODAY)
        counts = yeses(casebook)
        for _ in range(3 * TIPS):
            act = chance.choice(("put", "put", "back", "back", "delete"))
            if act == "back" and binned:
                tip = binned.pop(chance.randrange(len(binned)))
                casebook.bin.put_back(casebook.bin.find(tip))
                here.insert(0 if tip == agreed[0] else len(here), tip)
            elif act != "back" and here:
                # Mostly the one that agreed goes first: it is not marked yet then.
                tip = here.pop(0 if chance.random() < 0.5 else chance.randrange(len(here)))
                submission = casebook.submissions.find(tip)
                if act == "put" or tip == agreed[0]:
                    casebook.bin.put(submission, today=TODAY)
                    binned.append(tip)
                else:
                    casebook.deletions.delete([submission], reason="junk", today=TODAY)
            after = yeses(casebook)
            assert all(after[key] <= count for key, count in counts.items()), (seed, act)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_no_undoing_makes_a_sentence_tellable_and_a_release_ends_with_each_source_that_leaves(
    desk: Desk, seed: int
) -> None:
    chance = random.Random(f"undone {seed}")
    stage = VoiceDesk(desk)
    stage.chain.bring("suppliers", "Factory,Street,Land,Makes\nQuillon Knit,Gate 2 Vessby,BD,\n")
    desk.do("supply", "workers", desk.home, "F-3", "60", "--source", "an audit")
    # Three sources that agree at each row, and others by chance: so that there is something to release.
    agreed = [stage.tips((DEBT, *YES), mailbox=50 + one)[0] for one in range(6)]
    at = {tip: f"F-{1 + 2 * (place % 2)}" for place, tip in enumerate(agreed)}
    at |= {tip: chance.choice(("F-1", "F-3")) for tip in sent(stage, chance)[:4]}
    refusing = stage.tips((DEBT, ("to_company", "no"), ("to_authority", "yes")))
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        casebook = home.casebook
        for tip, facility in at.items():
            accept_tip(home, tip, facility, because="names the gate", today=TODAY)
        decide(home, "F-1", "F-3", FacilityAnswer.SAME, because="seen there", today=TODAY)
        released = [(one, reader, *where) for one, reader in told(casebook) for where in (("F-1", 1), ("F-3", 3))]
        for one, reader, name, number in released:
            if name == "F-1" or chance.random() < 0.5:
                with casebook.changing():
                    casebook.due_diligence.release(number, one, reader, because="asked", today=TODAY)
        (against,) = refusing
        accept_tip(home, against, "F-1", because="names the gate", today=TODAY)
        at[against] = "F-1"
        # Most of those that may have said no go first: while enough are left that agree.
        acts = sorted([*at, "split"], key=lambda act: chance.random() + (act in agreed))
        has_left = False
        for act in acts:
            before = {number: told(casebook, number) for number in (1, 3)}
            if act == "split":
                decide(home, "F-1", "F-3", FacilityAnswer.DIFFERENT, because="another gate", today=TODAY)
                has_left = True
            elif chance.random() < 0.6:
                undo_acceptance(home, act, at[act], today=TODAY)
            else:
                casebook.deletions.delete([casebook.submissions.find(act)], reason="junk", today=TODAY)
            for number in (1, 3):
                assert told(casebook, number) <= before[number], (seed, act)
                place = confirmed_place(casebook, number)
                told_now = [one.indicator for one in tellable(casebook, place, "company") if one.is_told]
                has_left |= act in (*agreed, against)
                assert not (has_left and "debt_bondage" in told_now), (seed, act)


def test_two_mailboxes_do_not_become_two_sources_once_the_tip_goes_that_made_them_one(desk: Desk) -> None:
    stage = VoiceDesk(desk)
    tips = [stage.tips((DEBT, *YES), mailbox=mailbox)[0] for mailbox in (1, 2, 2, 3)]
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        for tip in tips:
            accept_tip(home, tip, "F-1", because="names the gate", today=TODAY)
        first, second, third, fourth = (home.casebook.submissions.find(tip).number for tip in tips)
        small = home.casebook._files.small
        for sha256, one, other in ((b"a", first, second), (b"b", third, fourth)):
            small.run("INSERT OR REPLACE INTO same_contents VALUES (?1, ?3), (?2, ?3)", (one, other, sha256))
        assert yeses(home.casebook)["debt_bondage", "company"] == 1
        home.casebook.deletions.delete([home.casebook.submissions.find(tips[1])], reason="junk", today=TODAY)
        assert yeses(home.casebook)["debt_bondage", "company"] == 1, "the mailboxes that it joined are one source"
        for tip in (tips[0], tips[2]):
            home.casebook.deletions.delete([home.casebook.submissions.find(tip)], reason="junk", today=TODAY)
        assert yeses(home.casebook)["debt_bondage", "company"] == 1
    (against,) = stage.tips((DEBT, ("to_company", "no")), mailbox=4)
    stage.chain.link(against)
    desk.do("delete", desk.home, against, "--because", "junk")
    second = "Factory,Street,Land,Makes\nQUILLON GARMENTS LTD,Plot 6 Marrow Road Vessby,BD,\n"
    stage.chain.bring("suppliers", second)
    desk.do("supply", "forget", desk.home, "L-1")
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert home.casebook.due_diligence.held_readers([3]) == {"company", "authority"}, (
            "another list has the place"
        )


def test_two_mailboxes_with_an_equal_tip_are_one_source_also_where_it_was_not_accepted_and_once_it_changed(
    desk: Desk,
) -> None:
    stage = VoiceDesk(desk)
    tips = [stage.tips((DEBT, *YES), mailbox=mailbox)[0] for mailbox in (1, 1, 2, 2, 3)]
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        for tip in (tips[1], tips[3], tips[4]):
            accept_tip(home, tip, "F-1", because="names the gate", today=TODAY)
        numbers = [home.casebook.submissions.find(tip).number for tip in (tips[0], tips[2])]
        small = home.casebook._files.small
        small.run("INSERT OR REPLACE INTO same_contents VALUES (?, x'aa'), (?, x'aa')", numbers)
        assert yeses(home.casebook)["debt_bondage", "company"] == 2
        with home.casebook.changing():
            home.casebook.due_diligence.held_sentences().keep_before_change(numbers[0])
            small.run("DELETE FROM same_contents WHERE submission = ?", (numbers[0],))
        assert yeses(home.casebook)["debt_bondage", "company"] == 2


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_no_deletion_before_acceptance_makes_several_sources_of_mailboxes_with_equal_tips(
    desk: Desk, seed: int
) -> None:
    chance = random.Random(f"joined {seed}")
    stage = VoiceDesk(desk)
    tips = [stage.tips((DEBT, *YES), mailbox=1 + number % 3)[0] for number in range(9)]
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        casebook = home.casebook
        numbers = {tip: casebook.submissions.find(tip).number for tip in tips}
        # The first mailbox has a tip in common with the second, and another one with the third.
        small = casebook._files.small
        for sha256, some in ((b"a", tips[0:2]), (b"b", (tips[3], tips[5]))):
            for tip in some:
                small.run("INSERT OR REPLACE INTO same_contents VALUES (?, ?)", (numbers[tip], sha256))
        going, kept = tips[:6], tips[6:]  # one of each mailbox stays, or lies in the bin
        binned: list[str] = []
        for tip in tips[chance.choice((6, 7, 9)) :]:
            going.append(tip)
            kept.remove(tip)
        chance.shuffle(going)
        while going:
            some = [going.pop() for _ in range(min(len(going), chance.choice((1, 2, 4))))]
            found = [casebook.submissions.find(tip) for tip in some]
            if len(found) == 1 and (some[0] in tips[6:] or chance.random() < 0.4):
                casebook.bin.put(found[0], today=TODAY)
                binned += some
            else:
                casebook.deletions.delete(found, reason="junk", today=TODAY)
        for tip in binned:
            casebook.bin.put_back(casebook.bin.find(tip))
        here = sorted({*kept, *binned} & {*tips[6:]})
        for tip in here:
            accept_tip(home, tip, "F-1", because="names the gate", today=TODAY)
        assert yeses(casebook)["debt_bondage", "company"] == min(1, len(here)), seed
        for tip in here[1:]:
            casebook.deletions.delete([casebook.submissions.find(tip)], reason="junk", today=TODAY)
        alone = "SELECT 1 FROM joined_sources GROUP BY mark HAVING count(*) = 1"
        assert small.row(alone) is None, "a mark of one tip would say that another mailbox went"


@pytest.mark.parametrize("is_binned", [False, True])
@pytest.mark.parametrize("days_later", [0, 1])
def test_a_no_counts_that_went_before_another_tip_of_its_mailbox_was_accepted(
    desk: Desk, days_later: int, is_binned: bool
) -> None:
    stage = VoiceDesk(desk)
    stage.accepted(*[(DEBT, *YES)] * 3)
    (against,) = stage.tips((DEBT, ("to_company", "no"), ("to_authority", "yes")), mailbox=40)
    (worked,) = stage.tips((("signs", "debt_bondage"),), form="work", mailbox=40, days_later=days_later)
    if is_binned:
        desk.do("bin", desk.home, "--put", worked)
    desk.do("delete", desk.home, against, "--because", "junk")
    if is_binned:
        desk.do("bin", desk.home, "--back", worked)
    stage.chain.link(worked)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert ("debt_bondage", "company") not in told(home.casebook)
        assert ("debt_bondage", "authority") in told(home.casebook)


def test_a_no_stays_where_the_list_goes_that_joined_two_others_or_a_tip_comes_back_from_the_bin(desk: Desk) -> None:
    stage = VoiceDesk(desk)
    for number in range(2):
        row = f"Factory,Street,Land,Makes\nBridge {number} Works,Plot {number} Elm Road Vessby,BD,\n"
        stage.chain.bring("suppliers", row)
    stage.chain.same("F-1", "F-3")
    stage.chain.same("F-3", "F-4")
    against, binned = (
        stage.tips((DEBT, ("to_company", "no"), ("to_authority", "yes")))[0],
        stage.tips((DEBT, ("to_company", "yes"), ("to_authority", "no")))[0],
    )
    stage.chain.link(against, "F-4")
    stage.chain.link(binned, "F-3")
    desk.do("bin", desk.home, "--put", binned)
    desk.do("supply", "forget", desk.home, "L-2")
    desk.do("bin", desk.home, "--back", binned)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert home.casebook.due_diligence.held_readers([1]) == {"company", "authority"}
        assert home.casebook.due_diligence.held_readers([4]) == {"authority"}
