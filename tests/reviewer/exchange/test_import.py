"""Taking in: what is kept, and what is refused by name with the casebook as it was."""

import os
import random
from pathlib import Path

import pytest

from crypto.bundles.bundle import ItemType
from crypto.bundles.bundle_items import DeliveryReceipt, WeekClosed
from crypto.primitives.week import Week
from crypto.submissions.submission import Kind
from reviewer.exchange.take_in import FileImporter
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.fakes_server import FakeServer, a_mailbox, file_of
from tests.reviewer.desk_stage import Desk

SIZES = (0, 1, 65_535, 65_536, 65_537, (4 << 20) - 1, 4 << 20, (4 << 20) + 1)


def test_text_and_files_of_every_awkward_size_arrive_bit_exact(desk: Desk) -> None:
    contents = [random.Random(size).randbytes(size) for size in SIZES]
    files = [
        (f"{size}.bin", "application/octet-stream", content) for size, content in zip(SIZES, contents, strict=True)
    ]
    (short_id,) = desk.take_in(desk.server.seal(files=files, mailbox=a_mailbox()))
    desk.do("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case")
    for size, content in zip(SIZES, contents, strict=True):
        assert (desk.folder / "case" / f"{size}.bin").read_bytes() == content
    assert (desk.folder / "case" / "message.txt").read_text(encoding="utf-8") == "What I saw."


def test_the_same_file_twice_is_harmless(desk: Desk) -> None:
    desk.take_in(desk.server.seal())
    before = desk.submissions()
    out = desk.do("import", desk.home, desk.folder / "tips.bundle")
    assert "0 new, 1 read before" in out
    assert desk.submissions() == before


def test_an_envelope_that_comes_again_in_a_later_bundle_is_known(desk: Desk) -> None:
    envelope = desk.server.seal()
    desk.take_in(envelope)
    desk.take_in(envelope)
    assert "0 new, 1 known" in desk.out
    assert len(desk.submissions()) == 1


def test_a_bundle_for_somebody_else_is_passed_over(desk: Desk, tmp_path: Path) -> None:
    mine = desk.server.submissions(desk.server.seal())
    foreign = _foreign_server(desk, tmp_path).submissions(desk.server.seal())
    desk.do("import", desk.home, desk.write(foreign, mine))
    assert "1 new, 0 read before, 1 for others" in desk.out


def test_a_file_with_nothing_for_us_is_refused(desk: Desk, tmp_path: Path) -> None:
    server = _foreign_server(desk, tmp_path)
    assert desk.run("import", desk.home, desk.write(server.submissions(server.seal()))) == 1
    assert "no bundle in this file is sealed to this reviewer" in desk.err


@pytest.mark.parametrize("place", [10, 2_000, 6_400, 40_000, -1])
def test_a_changed_byte_is_malformed_and_changes_nothing(desk: Desk, place: int) -> None:
    desk.take_in(desk.server.seal())
    before = desk.fingerprint()
    bundle = bytearray(desk.server.submissions(desk.server.seal(submission_id=bytes(16))))
    bundle[place] ^= 1
    assert desk.run("import", desk.home, desk.write(bytes(bundle))) == 1
    # A change in the one slot that is ours makes the bundle one for someone else.
    assert "malformed" in desk.err or "no bundle in this file" in desk.err
    assert desk.fingerprint()[1:] == before[1:]
    assert len(desk.submissions()) == 1


@pytest.mark.parametrize("cut", [0, 5, 9, 12, 7_000, 60_000])
def test_a_cut_file_is_malformed_and_changes_nothing(desk: Desk, cut: int) -> None:
    whole = file_of(desk.server.submissions(desk.server.seal()))
    path = desk.folder / "cut.bundle"
    path.write_bytes(whole[:cut])
    assert desk.run("import", desk.home, path) == 1
    assert desk.err.count("malformed") == 1
    assert desk.submissions() == []
    assert list((desk.home / "unopened").iterdir()) == []


def test_bundles_before_a_cut_are_kept(desk: Desk) -> None:
    first = desk.server.submissions(desk.server.seal())
    second = desk.server.submissions(desk.server.seal(submission_id=bytes(16)))
    path = desk.folder / "cut.bundle"
    path.write_bytes(file_of(first, second)[:-1_000])
    assert desk.run("import", desk.home, path) == 1
    assert "malformed" in desk.err
    assert len(desk.submissions()) == 1


def test_a_missing_bundle_is_out_of_order(desk: Desk) -> None:
    desk.server.submissions(desk.server.seal())
    second = desk.server.submissions(desk.server.seal(submission_id=bytes(16)))
    assert desk.run("import", desk.home, desk.write(second)) == 1
    assert "out of order" in desk.err
    assert "export --from N" in desk.err
    assert desk.submissions() == []


def test_another_bundle_under_a_known_number_is_a_fork(desk: Desk) -> None:
    desk.take_in(desk.server.seal())
    at_one = desk.server.last
    desk.take_in(desk.server.seal(submission_id=bytes(16)))
    desk.server.last = at_one
    other = desk.server.submissions(desk.server.seal(submission_id=bytes(range(1, 17))))
    assert desk.run("import", desk.home, desk.write(other)) == 1
    assert "forked" in desk.err
    assert len(desk.submissions()) == 2


def test_a_confirmed_new_stream_is_taken_in_and_of_the_old_one_tips_that_come_late(desk: Desk) -> None:
    desk.take_in(desk.server.seal())
    old = desk.server.submissions(desk.server.seal(submission_id=bytes(16)))
    desk.server.last = None
    fresh = desk.server.submissions(desk.server.seal(submission_id=bytes(range(1, 17))))
    assert desk.run("import", desk.home, desk.write(fresh)) == 1
    stream = desk.err.rsplit(" ", 1)[1].strip()
    assert "first import every FILE fetched before" in desk.err
    assert "an older stream only if a reviewer has read it, the newest one last" in desk.err
    ended = _stream(desk)
    desk.do("servers", "confirm", desk.home, "server", stream)
    assert f"stream ended     {ended}" in desk.out
    desk.do("import", desk.home, desk.write(fresh))
    assert len(desk.submissions()) == 2
    desk.do("import", desk.home, desk.write(old))
    assert len(desk.submissions()) == 3
    assert _stream(desk) == stream


def test_what_comes_late_of_an_ended_stream_must_be_the_next_of_its_chain(desk: Desk) -> None:
    desk.take_in(desk.server.seal())
    at_one = desk.server.last
    desk.server.submissions(desk.server.seal(submission_id=bytes(16)))
    third = desk.server.submissions(desk.server.seal(submission_id=bytes(range(1, 17))))
    desk.server.last = at_one
    desk.take_in(desk.server.seal(submission_id=bytes(range(2, 18))))
    desk.server.last = at_one
    fork = desk.server.submissions(desk.server.seal(submission_id=bytes(range(3, 19))))
    desk.server.last = None
    assert desk.run("import", desk.home, desk.write(desk.server.submissions())) == 1
    desk.do("servers", "confirm", desk.home, "server", desk.err.rsplit(" ", 1)[1].strip())
    for file, kind in ((third, "forked"), (fork, "forked")):
        assert desk.run("import", desk.home, desk.write(file)) == 1
        assert kind in desk.err
    assert len(desk.submissions()) == 2


def test_what_an_ended_stream_says_of_a_closed_week_does_not_count(desk: Desk) -> None:
    week = desk.server.manifest.manifest.intake[0].week  # type: ignore[union-attr]
    desk.take_in(desk.server.seal())
    closing = desk.server.bundle((ItemType.WEEK_CLOSED, WeekClosed(week, 2).to_bytes()))
    desk.server.last = None
    fresh = desk.server.bundle((ItemType.WEEK_CLOSED, WeekClosed(week, 1).to_bytes()))
    assert desk.run("import", desk.home, desk.write(fresh)) == 1
    desk.do("servers", "confirm", desk.home, "server", desk.err.rsplit(" ", 1)[1].strip())
    desk.do("import", desk.home, desk.write(closing))
    assert "week closed" not in desk.out
    desk.do("import", desk.home, desk.write(fresh))
    assert f"week closed      {week}" in desk.out
    desk.do("import", desk.home, desk.write(closing))
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert home.casebook.servers.week_closed("server", week) == WeekClosed(week, 1)


def _stream(desk: Desk) -> str:
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        stream = home.casebook.servers.stream("server")
    assert stream is not None
    return stream.hex()


def test_a_server_that_was_not_added_is_not_for_us(desk: Desk) -> None:
    stranger = FakeServer("stranger")
    stranger.manifest = desk.server.manifest
    assert desk.run("import", desk.home, desk.write(stranger.submissions(stranger.seal()))) == 1
    assert "not for us" in desk.err
    assert desk.submissions() == []


def test_a_server_that_was_removed_is_not_for_us_and_its_cases_stay(desk: Desk) -> None:
    desk.take_in(desk.server.seal())
    desk.do("servers", "remove", desk.home, "server")
    bundle = desk.server.submissions(desk.server.seal(submission_id=bytes(16)))
    assert desk.run("import", desk.home, desk.write(bundle)) == 1
    assert "not for us" in desk.err
    assert len(desk.submissions()) == 1
    assert desk.run("servers", "remove", desk.home, "server") == 1


def test_a_refused_bundle_does_not_hold_up_another_server(desk: Desk) -> None:
    second = FakeServer("second")
    desk.know_server(second)
    desk.issue()
    second.manifest = desk.server.manifest
    desk.server.submissions(desk.server.seal())
    gap = desk.server.submissions(desk.server.seal(submission_id=bytes(16)))
    good = second.submissions(second.seal(submission_id=bytes(range(1, 17))))
    assert desk.run("import", desk.home, desk.write(gap, good)) == 1
    assert "out of order" in desk.err
    assert [one["server"] for one in desk.submissions()] == ["second"]


def test_an_item_that_no_server_sends_is_refused(desk: Desk) -> None:
    bundle = desk.server.bundle((ItemType.RECEIPT, DeliveryReceipt((bytes(32),)).to_bytes()))
    assert desk.run("import", desk.home, desk.write(bundle)) == 1
    assert "malformed" in desk.err


@pytest.mark.parametrize("opens", [True, False])
def test_an_item_that_is_not_what_the_server_signed_is_refused_with_its_bundle(desk: Desk, opens: bool) -> None:
    envelope = desk.server.seal() if opens else b"not an envelope at all"
    bundle = desk.server.lying_bundle(desk.server.seal(submission_id=bytes(16)), envelope)
    assert desk.run("import", desk.home, desk.write(bundle)) == 1
    assert "malformed" in desk.err
    assert "digest" in desk.err
    assert desk.submissions() == []
    assert list((desk.home / "unopened").iterdir()) == []


def test_of_a_file_that_changes_while_it_is_read_no_envelope_is_left_behind(desk: Desk) -> None:
    """An envelope that does not open is copied when the file is read a second time."""
    path = desk.write(desk.server.submissions(*(os.urandom(200_000) for _ in range(3))))
    whole, left = path.read_bytes(), desk.home / "unopened"
    counts: list[int] = []

    def harm_the_end(count: int) -> None:
        counts.append(count)
        if sum(counts) > len(whole) - 100:
            path.write_bytes(whole[:-100_000] + bytes(100_000))

    with open_home(desk.home, entry=SecretEntry(None)) as home:
        (refused,) = FileImporter(home, today=today(), progress=harm_the_end).read(path).refusals
        assert refused.kind == "changed medium"
        assert list(left.iterdir()) == []
    assert desk.submissions() == []
    path.write_bytes(whole)
    desk.do("import", desk.home, path)
    assert len(list(left.iterdir())) == 3


def test_an_envelope_that_does_not_open_is_kept_and_holds_up_nothing(desk: Desk) -> None:
    broken = bytearray(desk.server.seal(submission_id=bytes(16)))
    broken[-1] ^= 1
    good = desk.server.seal()
    desk.take_in(bytes(broken), b"not an envelope at all", good)
    rows = {one["unopenable"]: one for one in desk.submissions()}
    assert set(rows) == {"malformed", None}
    broken_id = next(one["id"] for one in desk.submissions() if one["week"] and one["unopenable"])
    desk.do("raw", desk.home, broken_id, "--out", desk.folder / "raw.age")
    assert (desk.folder / "raw.age").read_bytes() == bytes(broken)
    desk.do("show", desk.home, broken_id)
    assert "not opened       malformed" in desk.out


def test_an_envelope_to_nobody_here_says_that_no_key_opens(desk: Desk, tmp_path: Path) -> None:
    foreign = _foreign_server(desk, tmp_path)
    desk.take_in(foreign.seal())
    assert [one["unopenable"] for one in desk.submissions()] == ["no key opens"]


def test_an_envelope_that_names_another_week_than_its_keys_is_refused_whole(desk: Desk) -> None:
    first = Week.parse(desk.json("keys", "status", desk.home)["weeks"][0]["week"])
    desk.take_in(desk.server.seal(named_week=first.next(), files=[("a", "b", b"c" * 100_000)]))
    (row,) = desk.submissions()
    assert row["unopenable"] == "malformed"
    assert row["file_count"] == 0


def test_an_envelope_under_an_unknown_manifest_is_refused_whole(desk: Desk) -> None:
    desk.take_in(desk.server.seal(manifest_sha256=bytes([1]) * 32))
    assert [one["unopenable"] for one in desk.submissions()] == ["malformed"]


def test_acts_are_shown_as_what_they_are(desk: Desk) -> None:
    ids = desk.take_in(
        *(
            desk.server.seal(fields=[("act", act)], mailbox=a_mailbox(place), kind=Kind.ACT)
            for place, act in enumerate(("safe", "not-safe", "delete", "words-known", "unheard-of"), start=1)
        )
    )
    assert [desk.show(one)["act"] for one in ids] == ["safe", "not-safe", "delete", "words-known", None]
    said = [desk.do("show", desk.home, one) for one in ids]
    assert "SAFE: the source says that it is safe" in said[0]
    assert "NOT SAFE" in said[1]
    assert "DELETED" in said[2]
    assert "Answer nothing to this mailbox" in said[3]
    assert "unheard-of" not in said[4]


def test_submissions_of_one_mailbox_carry_one_short_name(desk: Desk) -> None:
    ids = desk.take_in(
        desk.server.seal(mailbox=a_mailbox(1)),
        desk.server.seal(mailbox=a_mailbox(1), submission_id=bytes(16)),
        desk.server.seal(mailbox=a_mailbox(2)),
    )
    names = [desk.show(one)["mailbox"] for one in ids]
    assert names[0] == names[1] != names[2]
    assert [desk.show(one)["mailbox_other_keys"] for one in ids] == [[], [], []]
    assert a_mailbox(1).mailbox_id.to_bytes().hex() not in str(names)


def test_a_week_that_the_server_closed_is_recorded(desk: Desk) -> None:
    week = Week.parse(desk.json("keys", "status", desk.home)["weeks"][0]["week"])
    desk.do(
        "import", desk.home, desk.write(desk.server.bundle((ItemType.WEEK_CLOSED, WeekClosed(week, 1).to_bytes())))
    )
    assert f"week closed      {week}" in desk.out


def test_a_tombstone_of_something_never_read_is_told(desk: Desk) -> None:
    bundle = desk.server.bundle((ItemType.SUBMISSION, desk.server.seal()), gone=[0])
    desk.do("import", desk.home, desk.write(bundle))
    assert "1 envelopes were deleted on the server before they were read here" in desk.err


def _foreign_server(desk: Desk, folder: Path) -> FakeServer:
    """The server of another organisation."""
    other = desk.beside(folder / "other")
    other.found()
    other.know_server()
    other.issue()
    return other.server
