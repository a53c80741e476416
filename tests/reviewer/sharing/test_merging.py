"""Three homes exchange items through a courier that loses, repeats and reorders them, and come to one state."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import pytest

from crypto.errors import Malformed
from crypto.keys.keys import PartySigningKey
from crypto.sharing.operation import Operation, SignedOperation
from crypto.sharing.shared_item import Erased, SharedItem
from reviewer.casebook.submission import Submission
from reviewer.casebook.thread_marks import Status
from reviewer.cases.archive import add_note, archive, destroy_note, unarchive
from reviewer.cases.marking import set_due, set_labels, set_star, set_status, thread_of
from reviewer.cases.reply_to import reply_to
from reviewer.home.home import Home
from reviewer.sharing.ownership import assign, first_owner, owner_of
from reviewer.sharing.party import begin_new_run, own_key, own_run, reviewers
from reviewer.sharing.reading import take_in_item
from reviewer.sharing.said import answers_of_colleagues, forks, sharing_status, state_conflicts
from reviewer.sharing.writing import waiting
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.laptops import DAY, Laptops, opened_item, three_laptops

SEEDS = (0,)
"""``lab/reviewer`` has three other orders."""


def states(laptops: Laptops) -> list[dict[str, Any]]:
    return [state(home) for home in laptops.homes]


def state(home: Home) -> dict[str, Any]:
    """The state that all must come to: for each tip what a reviewer sees."""
    tips = {}
    for one in home.casebook.submissions.all():
        said = [(answer.name, answer.text, answer.is_taken_back) for answer in answers_of_colleagues(home, [one])]
        own = [(home.party_keys().name, sent.text, False) for sent in home.casebook.replies.of(one.number)]
        tips[one.short_id] = {
            "owner": owner_of(home, one).name,
            "conflict": owner_of(home, one).named_at_once,
            "archived": one.number in home.casebook.archived.all(),
            "marks": marks(home, one),
            "conflicts": [(found.kind, found.said, found.counts) for found in state_conflicts(home, one)],
            "notes": sorted(note.text for note in home.casebook.notes.of(one.number)),
            "answers": sorted([*said, *own]),
        }
    return {"operations": home.casebook.operations.digest(), "tips": tips, "forks": forks(home)}


def marks(home: Home, tip: Submission) -> tuple[object, ...]:
    """The row of a thread that lists are read from; its owner is the one that is computed."""
    state = home.casebook.threads.of(thread_of(home, tip))
    assert state.owner == owner_of(home, tip).name
    return state.status, state.reason, list(state.labels), state.is_starred, state.due_day, state.set_by


@pytest.fixture
def laptops(desk: Desk, second: Colleague) -> Iterator[Laptops]:
    with three_laptops(desk, second) as three:
        yield three


def act(home: Home, random: Random, mark: str) -> None:
    """Anything that a reviewer does, but for removing a colleague's note here only."""
    own = own_key(home).to_bytes()
    tip = random.choice(home.casebook.submissions.all())
    if random.random() < 0.15:
        mine = [note for note in home.casebook.notes.of(tip.number) if note.author == own]
        for note in mine[:1]:
            destroy_note(home, tip, note.number, today=DAY)
        return
    match random.randrange(7):
        case 0 | 1:
            add_note(home, tip, f"note {mark}", today=DAY)
        case 2:
            (archive if random.random() < 0.5 else unarchive)(home, tip, today=DAY)
        case 3:
            assign(home, tip, random.choice(reviewers(home)).name, today=DAY)
        case 4:
            put_mark(home, thread_of(home, tip), random)
        case 5:
            words = random.choice(("passed on", "junk"))
            set_status(home, thread_of(home, tip), random.choice(list(Status)), words, today=DAY)
        case _:
            owner = owner_of(home, tip).name
            reply_to(home, tip, f"answer {mark}", despite_two_keys=False, instead_of=owner, today=DAY)


def put_mark(home: Home, thread: int, random: Random) -> None:
    match random.randrange(3):
        case 0:
            set_star(home, thread, is_starred=random.random() < 0.5, today=DAY)
        case 1:
            set_due(home, thread, random.choice((None, DAY, DAY + dt.timedelta(days=3))), today=DAY)
        case _:
            set_labels(home, thread, random.sample(("farm", "harbour", "papers"), random.randrange(4)), today=DAY)


def test_any_order_any_repetition_and_any_loss_end_in_one_state_after_sending_again(
    laptops: Laptops,
) -> None:
    come_to_one_state(laptops, seeds=SEEDS)


def come_to_one_state(laptops: Laptops, *, seeds: Sequence[int]) -> None:
    """After everything that each random order does, all three laptops show the same."""
    for seed in seeds:
        random = Random(f"merging {seed}")
        for step in range(24):
            home = random.choice(laptops.homes)
            act(home, random, f"{seed}.{step}")
            if random.random() < 0.4:
                laptops.write(home)  # and perhaps it is lost
            for envelope in random.choices(laptops.written, k=min(2, len(laptops.written))):
                laptops.read(random.choice(laptops.homes), envelope)
        laptops.rounds(3)
        first, *others = states(laptops)
        assert others == [first, first]
        assert [waiting(home) for home in laptops.homes] == [0, 0, 0]
        assert first["forks"] == []


def test_an_operation_of_a_stranger_or_a_forged_item_changes_nothing(laptops: Laptops) -> None:
    first, second, third = laptops.homes
    tip = first.casebook.submissions.all()[0]
    stranger = PartySigningKey.generate()
    operation = Operation(
        stranger.verify_key(), bytes(16), 1, 1, DAY, "note", tip.envelope.sha256, {"text": "of a stranger"}
    )
    signed = SignedOperation.sign(operation, key=stranger)
    week = first.keyring.intake_weeks()[0]
    before = state(second)
    for sender in (stranger, third.party_keys().signing):
        item = SharedItem(sender.verify_key(), bytes([9]) * 16, 1, week, DAY, (signed,))
        read = take_in_item(
            second, item, opened_by_week=week, server="", envelope_sha256=bytes([len(item.run)]) * 32, today=DAY
        )
        assert read.new_operations == 0
        assert (read.sender is None) is (sender is stranger)
    assert state(second) == before
    with pytest.raises(Malformed):
        take_in_item(second, item, opened_by_week=week.next(), server="", envelope_sha256=bytes(32), today=DAY)


def test_a_fork_is_named_and_both_sides_are_kept(laptops: Laptops) -> None:
    """A stolen laptop, copied: two different operations of one reviewer under one number."""
    first, second, third = laptops.homes
    tip = first.casebook.submissions.all()[0]
    key, run, week = first.party_keys().signing, own_run(first), first.keyring.intake_weeks()[0]
    for place, text in enumerate(("one", "other")):
        operation = Operation(key.verify_key(), run, 1, 1, DAY, "note", tip.envelope.sha256, {"text": text})
        item = SharedItem(key.verify_key(), run, place + 1, week, DAY, (SignedOperation.sign(operation, key=key),))
        for home in (second, third):
            take_in_item(home, item, opened_by_week=week, server="", envelope_sha256=bytes([place]) * 32, today=DAY)
    for home in (second, third):
        assert forks(home) == ["reviewer"]
        assert sorted(note.text for note in home.casebook.notes.of(tip.number)) == ["one", "other"]


def test_a_gap_is_named_asked_for_and_filled_first(laptops: Laptops) -> None:
    """Two items are full; the first of them is lost."""
    first, second, _third = laptops.homes
    tip = first.casebook.submissions.all()[0]
    for number in range(32):
        add_note(first, tip, f"{number} " + "x" * 16_000, today=DAY)
    lost, full = laptops.write(first), laptops.write(first)
    numbers = [one.operation.number for one in opened_item(second, lost).operations]
    assert numbers == list(range(1, len(numbers) + 1)), "the oldest go first, and the others wait"
    laptops.read(second, full)
    assert list(sharing_status(second).gaps) == ["reviewer"]
    laptops.read(first, laptops.write(second))
    add_note(first, tip, "new", today=DAY)
    again = opened_item(second, laptops.write(first))
    assert {one.operation.number for one in again.operations} >= set(numbers)
    laptops.rounds(4)
    assert list(sharing_status(second).gaps) == []
    assert len(second.casebook.notes.of(tip.number)) == 33


def test_a_replayed_item_of_an_earlier_day_does_not_make_a_silent_colleague_look_awake(laptops: Laptops) -> None:
    first, second, _third = laptops.homes
    old = laptops.write(first)
    new = laptops.write(first)
    laptops.read(second, new)
    (heard, _) = sharing_status(second).heard
    key = own_key(first).to_bytes()
    number = second.casebook.colleagues._small.row("SELECT number FROM colleagues WHERE author = ?", (key,))
    laptops.read(second, old)
    assert second.casebook.colleagues._small.row("SELECT number FROM colleagues WHERE author = ?", (key,)) == number
    assert heard.day == DAY


def test_a_restored_home_begins_a_new_run_and_gets_its_own_operations_back(laptops: Laptops) -> None:
    first = laptops.homes[0]
    tip = first.casebook.submissions.all()[0]
    add_note(first, tip, "before the loss", today=DAY)
    laptops.rounds(2)
    run = own_run(first)
    with first.casebook.changing():  # as if the backup was made before the note
        (note,) = first.casebook.notes.of(tip.number)
        first.casebook.notes.destroy(tip.number, note.number)
        for table in ("note_operations", "operations", "shared_items", "colleagues_heard", "colleagues"):
            first.casebook.operations._small.run(f"DELETE FROM {table}")  # noqa: S608
        begin_new_run(first)
    add_note(first, tip, "after the restore", today=DAY)
    assert own_run(first) != run
    laptops.rounds(3)
    assert {note.text for note in first.casebook.notes.of(tip.number)} == {"before the loss", "after the restore"}
    one, *others = states(laptops)
    assert others == [one, one]
    assert one["forks"] == []


def test_the_first_owner_is_the_same_for_all_and_changes_only_with_who_comes_or_goes(laptops: Laptops) -> None:
    parties = list(reviewers(laptops.homes[0]))
    threads = [hashlib.sha256(bytes([n])).digest() for n in range(200)]
    all_three = [first_owner(parties, thread) for thread in threads]
    assert {party.name for party in all_three} == {"reviewer", "second", "third"}
    assert all_three == [first_owner(parties[::-1], thread) for thread in threads]
    without = [party for party in parties if party.name != "third"]
    for thread, before in zip(threads, all_three, strict=True):
        assert before.name == "third" or first_owner(without, thread) == before


def test_an_operation_that_its_author_erased_leaves_no_gap(laptops: Laptops) -> None:
    first, second, _third = laptops.homes
    tip = first.casebook.submissions.all()[0]
    for text in ("one", "two", "three"):
        add_note(first, tip, text, today=DAY)
    with first.casebook.changing():
        assert first.casebook.operations.erase_of_tip(tip.envelope.sha256) == 3
    laptops.rounds(2)
    assert list(sharing_status(second).gaps) == []
    assert waiting(first) == 0
    assert second.casebook.notes.of(tip.number) == []
    for home in (first, second):
        with home.casebook.changing():
            home.casebook.operations.erase_of_tip(tip.envelope.sha256)
    add_note(laptops.homes[2], tip, "after the deletion", today=DAY)
    laptops.rounds(1)
    select = "SELECT body FROM operations WHERE tip = ?"
    bodies = first.casebook.operations._small.rows(select, (tip.envelope.sha256,))
    assert len(bodies) == 4
    assert not any(body for (body,) in bodies)
    assert Erased in {type(one) for one in opened_item(second, laptops.written[0]).erased}
