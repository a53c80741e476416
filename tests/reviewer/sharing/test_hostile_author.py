"""A colleague whose program signs anything: the worst that operations can do (docs/formats/shared.md)."""

from collections.abc import Iterator

import pytest

from crypto.primitives.canonical_json import LARGEST_NUMBER, Json
from crypto.sharing.operation import Operation, SignedOperation
from reviewer.casebook.link_operations import CONSENT_WITHDRAWN, LINK
from reviewer.casebook.operation_counters import LARGEST_STEP
from reviewer.casebook.shared_marks import STATUS
from reviewer.casebook.thread_marks import Status
from reviewer.cases.archive import add_note
from reviewer.cases.marking import set_status, thread_of
from reviewer.cases.proposals import waiting_proposals
from reviewer.home.home import Home, open_home
from reviewer.linking.consent_work import Permissions, note_consent, withdraw_consent
from reviewer.linking.finding_work import add_finding
from reviewer.linking.link_decisions import decide
from reviewer.linking.masking import Masks
from reviewer.matching.clusters import Verdict
from reviewer.sharing.appliers import ANSWER, ANSWER_TAKEN_BACK, DELETION_PROPOSED, NOTE, NOTE_DESTROYED
from reviewer.sharing.link_record import say_mask
from reviewer.sharing.party import own_key, own_run
from reviewer.sharing.record import record, record_deletion, record_for_all
from reviewer.sharing.said import answers_of_colleagues, sharing_status
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.laptops import DAY, Laptops, three_laptops

RECEIVER = "Shelter North"


@pytest.fixture
def laptops(desk: Desk, second: Colleague) -> Iterator[Laptops]:
    """Anna, Ben whose program is another one, and Ruth, who reads Ben first."""
    with three_laptops(desk, second, "tip {n}: they call her Nadja") as three:
        yield three


def hostile_first(laptops: Laptops) -> None:
    """Ruth reads what Ben wrote, and then what Anna wrote before him; then everything arrives."""
    anna, ben, ruth = laptops.homes
    honest, shadow = laptops.write(anna), laptops.write(ben)
    for envelope in (shadow, honest):
        laptops.read(ruth, envelope)
    laptops.rounds(1)


def sign_at(home: Home, kind: str, tip: bytes | None, counter: int, content: dict[str, Json]) -> None:
    """Keep an operation with any counter, as only another program signs it."""
    key, operations = home.party_keys().signing, home.casebook.operations
    author, run = own_key(home), own_run(home)
    number = operations.next_number(author, run)
    operation = Operation(author, run, number, counter, DAY, kind, tip, content)
    operations.keep(SignedOperation.sign(operation, key=key))


def nadja(home: Home, tip: int) -> int:
    finding = add_finding(home, home.casebook.submissions.all()[tip], "person", "Nadja", today=DAY)
    return home.casebook.findings.find(finding).entity or 0


def said_last(home: Home, kind: str) -> Operation:
    return home.casebook.operations.of_kind(kind)[-1]


def test_a_withdrawal_under_an_id_that_another_author_said_first_still_counts(laptops: Laptops) -> None:
    anna, ben, ruth = laptops.homes
    person = nadja(anna, 0)
    note_consent(anna, person, said_by="herself", receiver=RECEIVER, purpose="a bed", today=DAY)
    laptops.rounds(1)
    here = ruth.casebook.entities.number_of(anna.casebook.entities.id_of(person) or b"") or 0
    assert Permissions(ruth).permitting(here, RECEIVER)

    withdraw_consent(anna, person, said_by="herself", today=DAY)
    said_id = said_last(anna, CONSENT_WITHDRAWN).text("consent")
    shadow: dict[str, Json] = {"consent": said_id, "entity": "ab" * 16, "said-by": "no one", "said-on": str(DAY)}
    record_for_all(ben, CONSENT_WITHDRAWN, shadow, replaces=(), today=DAY)
    hostile_first(laptops)
    assert Permissions(ruth).is_withdrawn(here, RECEIVER)
    assert not Permissions(ruth).permitting(here, RECEIVER)


def test_a_proposal_to_delete_under_an_id_that_another_author_said_first_is_shown(laptops: Laptops) -> None:
    anna, ben, ruth = laptops.homes
    tips = [one.envelope.sha256 for one in anna.casebook.submissions.all()]
    said: dict[str, Json] = {"proposal": "cd" * 16, "reason": "harm"}
    record_deletion(anna, DELETION_PROPOSED, tips[0], said, today=DAY)
    record_deletion(ben, DELETION_PROPOSED, tips[1], said, today=DAY)
    hostile_first(laptops)
    assert {one.proposal.envelope_sha256 for one in waiting_proposals(ruth)} == set(tips[:2])


def test_a_decision_under_an_id_that_another_author_said_first_still_joins(laptops: Laptops) -> None:
    anna, ben, ruth = laptops.homes
    one, other = nadja(anna, 0), nadja(anna, 2)
    laptops.rounds(1)
    decide(anna, one, other, Verdict.SAME, because="one scar", is_sure=True, today=DAY)
    true = said_last(anna, LINK)
    shadow = dict(true.content) | {"verdict": "unsure"}
    record(ben, LINK, ben.casebook.submissions.of_envelope(true.tip or b""), shadow, today=DAY)  # type: ignore[arg-type]
    hostile_first(laptops)
    here = ruth.casebook.entities.number_of(anna.casebook.entities.id_of(one) or b"") or 0
    assert len(Masks(ruth).clusters.of(here)) == 2


def test_a_closing_covers_no_message_that_its_author_did_not_have(desk: Desk, second: Colleague) -> None:
    with three_laptops(desk, second) as laptops:
        anna, ben, _ruth = laptops.homes
        tip = ben.casebook.submissions.all()[0]
        set_status(ben, thread_of(ben, tip), Status.CLOSED, "done", today=DAY)
        closing = said_last(ben, STATUS)
        far = dict(closing.content) | {"seen-until": "9999-12-31"}
        record(ben, STATUS, tip, far, today=DAY)
        laptops.rounds(1)
        assert anna.casebook.operations.of_kind(STATUS)[-1].text("seen-until") == "9999-12-31"
    bundle = desk.server.submissions(
        desk.server.seal(fields=[("text", "they are coming tonight, help")], mailbox=a_mailbox(1))
    )
    desk.do("import", desk.home, desk.write(bundle))
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        newest = max(home.casebook.submissions.all(), key=lambda one: one.number)
        assert not home.casebook.archived.is_marked(newest.number)
        assert home.casebook.threads.of(thread_of(home, newest)).status is Status.OPEN


def test_the_highest_counter_changes_nothing_is_named_and_holds_up_no_later_act(laptops: Laptops) -> None:
    anna, ben, ruth = laptops.homes
    tip = anna.casebook.submissions.all()[0]
    for _again in range(13):
        sign_at(ben, STATUS, tip.envelope.sha256, LARGEST_NUMBER, {"status": "closed", "reason": "", "seen": []})
    laptops.rounds(1)
    set_status(anna, thread_of(anna, tip), Status.IN_WORK, "", today=DAY)
    laptops.rounds(1)
    for home in (anna, ruth):
        thread = home.casebook.inbox_rows.thread_of(
            home.casebook.submissions.of_envelope(tip.envelope.sha256).number
        )  # type: ignore[union-attr]
        (word,) = home.casebook.operations.in_force_in_thread(thread, (STATUS,))
        assert word.text("status") == "in work"
        assert word.counter < LARGEST_STEP
        assert (
            "not counted      changes of second, whose counter jumps too far ahead" in sharing_status(home).lines()
        )


def test_nobody_takes_back_or_destroys_what_another_author_said(laptops: Laptops) -> None:
    anna, ben, ruth = laptops.homes
    tip = anna.casebook.submissions.all()[0]
    answer = record(anna, ANSWER, tip, {"reply": "ef" * 16, "text": "wait for us"}, today=DAY)
    add_note(anna, tip, "seen by a nurse", today=DAY)
    note = said_last(anna, NOTE)
    laptops.rounds(1)
    there = ben.casebook.submissions.of_envelope(tip.envelope.sha256)
    assert there is not None
    record(ben, ANSWER_TAKEN_BACK, there, {"reply": answer.text("reply")}, today=DAY)
    record(ben, NOTE_DESTROYED, there, {"note": note.sha256.hex()}, today=DAY)
    laptops.rounds(1)
    here = ruth.casebook.submissions.of_envelope(tip.envelope.sha256)
    assert here is not None
    (kept,) = answers_of_colleagues(ruth, [here])
    assert (kept.text, kept.is_taken_back) == ("wait for us", False)
    assert [one.text for one in ruth.casebook.notes.of(here.number)] == ["seen by a nurse"]


def test_a_mask_that_a_colleague_removes_is_in_the_log_with_the_author(laptops: Laptops) -> None:
    anna, ben, ruth = laptops.homes
    person = nadja(anna, 0)
    entity_id = anna.casebook.entities.id_of(person) or b""
    say_mask(anna, person, is_masked=True, today=DAY)
    laptops.rounds(1)
    here = ruth.casebook.entities.number_of(entity_id) or 0
    assert Masks(ruth).is_protected(here)
    say_mask(ben, ben.casebook.entities.number_of(entity_id) or 0, is_masked=False, because="none", today=DAY)
    laptops.rounds(1)
    assert not Masks(ruth).is_protected(here)
    assert [one.reviewer for one in ruth.casebook.lasting_masks.removals(here)] == ["second"]
    assert ruth.casebook.log.names("mask removed", "by second")


def test_counters_that_rise_in_bounded_steps_count(laptops: Laptops) -> None:
    anna, ben, _ruth = laptops.homes
    tip = anna.casebook.submissions.all()[0]
    for step in (1, 2):
        sign_at(
            ben, STATUS, tip.envelope.sha256, step * (LARGEST_STEP - 1), {"status": "waiting", "reason": str(step)}
        )
    laptops.rounds(1)
    assert anna.casebook.operations.counters.next() == 2 * (LARGEST_STEP - 1) + 1
    assert anna.casebook.operations.counters.too_far_ahead() == {}
