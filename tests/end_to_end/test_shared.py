"""Two reviewers share what they do: by the server's real code, and from laptop to laptop."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crypto.keys.keys import DutySecretKey
from crypto.sharing.shared_item import ENVELOPE_BYTES
from reviewer.cases.archive import add_note, archive, destroy_note
from reviewer.cases.reply_to import reply_to
from reviewer.home.home import Home, open_home
from reviewer.sharing.ownership import owner_of
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.end_to_end.real_server import RealServer, carry_out, server_of
from tests.reviewer.colleagues import Colleague, a_colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.furniture import Furniture
from tipline.operations.site_status import count_waiting


def of_two(desk: Desk) -> None:
    """Two reviewers, and the keys of one server."""
    desk.found()
    desk.know_server()
    a_colleague(desk)


@pytest.fixture(scope="module")
def furnish(tmp_path_factory: pytest.TempPathFactory) -> Furniture:
    return Furniture(tmp_path_factory.mktemp("two"), of_two)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], furnish: Furniture) -> Desk:
    made = Desk(tmp_path, capsys)
    furnish(made)
    return made


@pytest.fixture
def second(desk: Desk) -> Colleague:
    return Colleague(desk, "second")


@pytest.fixture
def server(desk: Desk, second: Colleague) -> Iterator[RealServer]:
    with server_of(desk) as running:
        yield running


def round_of(desk: Desk, server: RealServer) -> None:
    """Carry the outbox of one reviewer to the server."""
    path = desk.folder / "outbox"
    desk.do("outbox", desk.home, "--out", path)
    server.take_in(path)


def reply(desk: Desk, text: str, *options: str) -> int:
    path = desk.folder / "answer"
    path.write_text(text, encoding="utf-8")
    told = ("--text-file", path, "--confirm-contents", *options)
    return desk.run("reply", desk.home, desk.submissions()[0]["id"], *told)


DAY = today()


def note(desk: Desk, tip: str, text: str) -> None:
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        add_note(home, home.casebook.submissions.find(tip), text, today=DAY)


def owner(home: Home) -> str:
    """The owner of the only conversation."""
    return owner_of(home, home.casebook.submissions.all()[0]).name


def bodies(home: Home) -> list[bytes | None]:
    return [row[0] for row in home.casebook.operations._small.rows("SELECT body FROM operations")]


def shared_state(desk: Desk, tip: str) -> dict[str, Any]:
    """The state that must be the same at both: the operations, and what follows from them."""
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        submission = home.casebook.submissions.find(tip)
        return {
            "operations": home.casebook.operations.digest(),
            "owner": owner_of(home, submission).name,
            "archived": submission.number in home.casebook.archived.all(),
            "notes": sorted(one.text for one in home.casebook.notes.of(submission.number)),
        }


def owner_and_other(*desks: Desk) -> tuple[Desk, Desk]:
    one, other = desks
    tip = one.submissions()[0]["id"]
    name = one.json("owner", one.home, tip)["owner"]
    assert other.json("owner", other.home, tip)["owner"] == name, "both compute the same owner"
    return (one, other) if "(this home)" in one.do("owner", one.home, tip) else (other, one)


def shown(desk: Desk) -> dict[str, Any]:
    return desk.show(desk.submissions()[0]["id"])


def test_an_answer_of_one_is_seen_by_the_other_after_one_round(
    desk: Desk, second: Colleague, server: RealServer
) -> None:
    server.receive("a tip")
    carry_out(desk, server)
    carry_out(second, server)
    owner, other = owner_and_other(desk, second)
    assert reply(owner, "Meet at the library at 6") == 0
    round_of(owner, server)
    carry_out(other, server)
    (answer,) = shown(other)["colleague_replies"]
    assert (answer["text"], answer["taken_back"]) == ("Meet at the library at 6", False)
    assert reply(other, "No, meet at the station") == 1
    assert f"this conversation belongs to {answer['by']}" in other.err
    assert "Meet at the library at 6" in other.err
    assert f"{answer['by']}: last heard from" in other.err
    assert reply(other, "The library at 6, as said", "--instead-of", answer["by"]) == 0


def items_on(server: RealServer) -> list[int]:
    """Lengths of everything that the server's store holds as submissions."""
    return sorted(one.length for one in server.store.submissions.waiting())


def test_size_and_number_of_what_is_exchanged_are_the_same_whatever_is_shared(
    desk: Desk, second: Colleague, server: RealServer
) -> None:
    """Row 81 on the side of the server: nothing, one note, or more than fits in one item."""
    server.receive("a tip")
    carry_out(desk, server)
    tip = desk.submissions()[0]["id"]
    kept, outboxes = [], []
    for count in (0, 1, 8, 0):
        with open_home(desk.home, entry=SecretEntry(None)) as home:
            submission = home.casebook.submissions.find(tip)
            for number in range(count):
                add_note(home, submission, f"{number} " + "x" * 16_000, today=DAY)
                archive(home, submission, today=DAY)
        before = items_on(server)
        round_of(desk, server)
        kept.append([length for length in items_on(server) if length not in before or length == ENVELOPE_BYTES])
        outboxes.append((desk.folder / "outbox").stat().st_size)
    assert kept == [[ENVELOPE_BYTES] * number for number in (1, 2, 3, 4)], "one item an outbox, of one length"
    assert count_waiting(kept[-1]) == ("none", "1-9"), "the status of the server says that no other tip waits"
    assert max(outboxes) - min(outboxes) < ENVELOPE_BYTES, "only the statement and the first manifests differ"


def test_a_finder_of_the_store_cannot_tell_an_item_from_a_tip_of_its_length(
    desk: Desk, second: Colleague, server: RealServer
) -> None:
    """The same columns, with the same values but for id and digest."""
    server.receive("x" * 1000, bytes(200_000))
    round_of(desk, server)
    one, other = server.store.submissions.waiting()
    assert one.length == other.length == ENVELOPE_BYTES
    assert (one.week, one.manifest_sha256, one.day) == (other.week, other.manifest_sha256, other.day)
    carry_out(second, server)
    (tip,) = second.submissions()
    assert len(second.show(tip["id"])["fields"][0]["value"]) == 1000, "a reviewer knows which is which"


def test_an_item_goes_on_the_receipts_of_all_and_is_gone_with_its_week(
    desk: Desk, second: Colleague, server: RealServer
) -> None:
    round_of(desk, server)
    carry_out(desk, server)
    carry_out(second, server)
    round_of(desk, server)
    assert len(items_on(server)) == 2, "the colleague has not receipted it"
    round_of(second, server)
    assert len(items_on(server)) == 2, "the first is deleted, without any backup; both wrote one since"


def test_everything_arrives_in_any_order_of_rounds_and_deletions(
    desk: Desk, second: Colleague, server: RealServer
) -> None:
    """Notes, answers, owners and the archive of both, with an outbox lost on the way."""
    server.receive("a tip")
    carry_out(desk, server)
    carry_out(second, server)
    tip = desk.submissions()[0]["id"]
    for place, one in enumerate((desk, second, desk, second)):
        with open_home(one.home, entry=SecretEntry(None)) as home:
            submission = home.casebook.submissions.find(tip)
            add_note(home, submission, f"note {place}", today=DAY)
            archive(home, submission, today=DAY)
            reply_to(home, submission, f"answer {place}", despite_two_keys=False, instead_of=owner(home), today=DAY)
        if place == 1:
            one.do("outbox", one.home, "--out", one.folder / "lost")  # the server gets it later, by --from
        elif place == 2:
            round_of(one, server)
    path = second.folder / "outbox"
    second.do("outbox", second.home, "--out", path, "--from", "1")
    server.take_in(path)
    for one in (second, desk, second):
        carry_out(one, server)
    states = [shared_state(one, tip) for one in (desk, second)]
    assert states[0] == states[1]
    assert [note["text"] for note in shown(desk)["notes"]] != []
    assert {note["text"] for note in shown(desk)["notes"]} == {f"note {place}" for place in range(4)}


def test_what_a_courier_drops_for_ever_is_named_and_sent_again(
    desk: Desk, second: Colleague, server: RealServer
) -> None:
    """The server closes the week before an outbox comes: its item is left out, and the rest is taken."""
    server.receive("a tip")
    carry_out(desk, server)
    carry_out(second, server)
    tip = desk.submissions()[0]["id"]
    path = desk.folder / "late"
    note(desk, tip, "written in time")
    desk.do("outbox", desk.home, "--out", path)
    week = server.policy.intake().week
    server.clock.day = week.last_day + dt.timedelta(days=1)
    carry_out(second, server)
    done = server.take_in(path)
    assert (done.bundles, done.shared_left_out) == (1, 1)
    server.clock.day = DAY
    carry_out(second, server)
    assert shown(second)["notes"] == []
    # Next week's keys are used from next week on; until then the two laptops can meet.
    file = desk.folder / "for-colleagues"
    note(desk, tip, "written late")
    desk.do("share", "write", desk.home, file)
    second.do("share", "read", second.home, file)
    assert [one["text"] for one in shown(second)["notes"]] == ["written in time", "written late"]


def test_a_file_from_laptop_to_laptop_holds_all_and_read_twice_changes_nothing(
    desk: Desk, second: Colleague, server: RealServer
) -> None:
    server.receive("a tip")
    carry_out(desk, server)
    tip = desk.submissions()[0]["id"]
    for number in range(20):
        note(desk, tip, f"{number} " + "x" * 16_000)
    file = desk.folder / "for-colleagues"
    assert "20 changes" in desk.do("share", "write", desk.home, file)
    assert (file.stat().st_size - 9) % ENVELOPE_BYTES == 0
    assert "20 changes" in second.do("share", "read", second.home, file)
    assert second.json("share", "status", second.home)["without_tip"] == 20, "they wait for their tip"
    assert "0 changes" in second.do("share", "read", second.home, file)
    carry_out(second, server)
    assert len(shown(second)["notes"]) == 20
    assert second.json("share", "status", second.home)["without_tip"] == 0
    raw = file.read_bytes()
    for broken in (raw[:-1], raw[:9], b"TIPLINB" + raw[7:], raw[:-100] + bytes(100)):
        file.write_bytes(broken)
        assert second.run("share", "read", second.home, file) == 1
        assert "refused (malformed)" in second.err
    stranger = desk.beside(desk.folder / "stranger")
    stranger.found()
    file.write_bytes(raw)
    assert stranger.run("share", "read", stranger.home, file) == 1
    assert "no key opens" in stranger.err


def test_a_note_destroyed_by_its_author_is_destroyed_at_the_colleague_and_comes_back_by_no_replay(
    desk: Desk, second: Colleague, server: RealServer
) -> None:
    server.receive("a tip")
    carry_out(desk, server)
    carry_out(second, server)
    tip = desk.submissions()[0]["id"]
    note(desk, tip, "her name is a secret")
    first, later = desk.folder / "first", desk.folder / "later"
    desk.do("share", "write", desk.home, first)
    second.do("share", "read", second.home, first)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        submission = home.casebook.submissions.find(tip)
        (kept,) = home.casebook.notes.of(submission.number)
        destroy_note(home, submission, kept.number, today=DAY)
    desk.do("share", "write", desk.home, later)
    for file in (later, first, later):
        second.do("share", "read", second.home, file)
        assert shown(second)["notes"] == []
    assert "secret" not in second.do("search", second.home, "secret")
    with open_home(second.home, entry=SecretEntry(None)) as home:
        assert all(b"secret" not in (body or b"") for body in bodies(home))


def test_after_one_round_the_root_key_names_both_duty_machines_and_server_and_reviewers_adopt_it(
    desk: Desk, second: Colleague, server: RealServer
) -> None:
    options: list[str | Path] = ["--root", desk.root, "--out", desk.folder / "with-duty.json"]
    keys = {DutySecretKey(bytes([place]) * 32).public_key() for place in (31, 32)}
    for place, key in enumerate(keys):
        path = desk.folder / f"duty-{place}.pub"
        path.write_text(f"{key}\n", encoding="ascii")
        options += ["--duty", path]
    assert desk.run("keys", "issue", desk.home, *options) == 1
    assert "reviewer second, server server have not announced" in desk.err
    for one in (desk, second):
        round_of(one, server)
    server.receive("a tip")
    carry_out(desk, server)
    desk.do("keys", "issue", desk.home, *options)
    round_of(desk, server)
    assert set(server.policy.manifest().manifest.duty) == keys
    second.do("manifest", second.home, desk.folder / "with-duty.json")
