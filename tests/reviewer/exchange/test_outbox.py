"""The outbox: replies that cannot be counted, receipts only for what is safe, manifests that are newer."""

from pathlib import Path

import pytest

from crypto.bundles.bundle import ItemType
from crypto.bundles.bundle_items import DeliveryReceipt, Withdrawal
from crypto.errors import NoKeyOpens
from crypto.manifests.manifest import SignedManifest
from crypto.passphrases.mailbox import MailboxKeys, reply_tag
from crypto.submissions.reply import TEXT_BYTES, Reply, ReplyRow, open_reply
from crypto.submissions.submission import Kind
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import FakeServer, Item, a_mailbox
from tests.reviewer.desk_stage import Desk


def _outbox(desk: Desk, *options: str, server: FakeServer | None = None) -> list[Item]:
    path = desk.folder / "outbox.bundle"
    desk.do("outbox", desk.home, "--out", path, *options)
    return (server or desk.server).take_outbox(path.read_bytes())


def _of(items: list[Item], kind: ItemType) -> list[bytes]:
    return [payload for found, payload in items if found is kind]


def _texts_for(items: list[Item], mailbox: MailboxKeys) -> list[str]:
    return [reply.text for reply in _replies_for(items, mailbox)]


def _numbers_for(items: list[Item], mailbox: MailboxKeys) -> list[int]:
    return sorted(reply.number for reply in _replies_for(items, mailbox))


def _replies_for(items: list[Item], mailbox: MailboxKeys) -> list[Reply]:
    """The replies that a source finds when it tries every row."""
    found: list[Reply] = []
    for payload in _of(items, ItemType.REPLY):
        row = ReplyRow.parse(payload)
        if reply_tag(mailbox.mailbox_id, salt=row.salt) == row.tag:
            found.append(open_reply(row, key=mailbox.source_key))
        else:
            with pytest.raises(NoKeyOpens):
                open_reply(row, key=mailbox.source_key)
    return found


def _reply(desk: Desk, short_id: str, text: str) -> int:
    (desk.folder / "answer.txt").write_text(text, encoding="utf-8")
    return desk.run("reply", desk.home, short_id, "--text-file", desk.folder / "answer.txt", "--confirm-contents")


def test_an_answer_reaches_the_mailbox_it_was_written_to(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox(3)))
    assert _reply(desk, short_id, "Thank you. Спасибо.\n") == 0, desk.err
    items = _outbox(desk)
    assert _texts_for(items, a_mailbox(3)) == ["Thank you. Спасибо."]
    assert _texts_for(items, a_mailbox(4)) == []


def test_answers_to_one_mailbox_are_counted_whichever_of_its_tips_they_answer(desk: Desk) -> None:
    first, second = desk.take_in(desk.server.seal(mailbox=a_mailbox(3)), desk.server.seal(mailbox=a_mailbox(3)))
    (other,) = desk.take_in(desk.server.seal(mailbox=a_mailbox(4)))
    for place, short_id in enumerate((first, second, other, first)):
        assert _reply(desk, short_id, f"answer {place}") == 0, desk.err
    items = _outbox(desk)
    assert _numbers_for(items, a_mailbox(3)) == [1, 2, 3]
    assert _numbers_for(items, a_mailbox(4)) == [1]
    assert _reply(desk, second, "the next day") == 0
    assert _numbers_for(_outbox(desk), a_mailbox(3)) == [4]


def test_an_answer_that_is_written_twice_goes_out_once_unless_the_first_is_gone(desk: Desk) -> None:
    first, later = desk.take_in(
        desk.server.seal(mailbox=a_mailbox()), desk.server.seal(mailbox=a_mailbox(), submission_id=b"2" * 16)
    )
    assert [_reply(desk, one, "Yes.") for one in (first, first)] == [0, 0], desk.err
    assert _texts_for(_outbox(desk), a_mailbox()) == ["Yes."]
    assert [_reply(desk, one, "Yes.") for one in (first, later)] == [0, 0], desk.err
    assert _texts_for(_outbox(desk), a_mailbox()) == ["Yes.", "Yes."]  # each answers another question


def test_an_answer_that_was_deleted_before_it_went_out_can_be_written_again(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    assert _reply(desk, short_id, "We come.") == 0, desk.err
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        (written,) = home.casebook.replies.of(1)
    _act(desk, ("act", "delete"), ("reply", written.reply_id.hex()))
    assert _reply(desk, short_id, "We come.") == 0, desk.err
    assert _texts_for(_outbox(desk), a_mailbox()) == ["We come."]


@pytest.mark.parametrize(("real", "expected"), [(0, 32), (1, 32), (32, 32), (33, 64)])
def test_replies_are_filled_up_with_dummies_of_the_same_size(desk: Desk, real: int, expected: int) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    for number in range(real):
        assert _reply(desk, short_id, f"answer {number}") == 0
    rows = _of(_outbox(desk), ItemType.REPLY)
    assert len(rows) == expected
    assert len({len(row) for row in rows}) == 1
    assert len(_texts_for([(ItemType.REPLY, row) for row in rows], a_mailbox())) == real


def test_an_answer_goes_out_once(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    assert _reply(desk, short_id, "once") == 0
    assert _texts_for(_outbox(desk), a_mailbox()) == ["once"]
    second = _outbox(desk)
    assert len(_of(second, ItemType.REPLY)) == 32
    assert _texts_for(second, a_mailbox()) == []


def test_all_servers_get_the_same_rows_real_and_dummy(desk: Desk) -> None:
    second = FakeServer("second")
    desk.know_server(second)
    desk.issue()
    second.manifest = desk.server.manifest
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    assert _reply(desk, short_id, "to both") == 0
    rows = _of(_outbox(desk), ItemType.REPLY)
    others = _of(second.take_outbox((desk.folder / "outbox.bundle").read_bytes()), ItemType.REPLY)
    assert set(rows) == set(others)


def test_a_server_that_is_added_later_gets_every_reply_that_still_lives(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    assert _reply(desk, short_id, "first") == 0
    _outbox(desk)
    late = FakeServer("late")
    desk.know_server(late)
    desk.issue()
    late.manifest = desk.server.manifest
    items = _outbox(desk, server=late)
    assert _texts_for(items, a_mailbox()) == ["first"]
    assert len(_of(items, ItemType.REPLY)) == 64


def test_receipts_are_withheld_until_there_is_a_backup(desk: Desk) -> None:
    envelope = desk.server.seal()
    desk.take_in(envelope, b"this one does not open")
    assert _of(_outbox(desk), ItemType.RECEIPT) == []
    assert "1 delivery receipts are withheld" in desk.err
    desk.backup()
    (receipt,) = _of(_outbox(desk), ItemType.RECEIPT)
    assert [digest.hex() for digest in DeliveryReceipt.parse(receipt).hashes] == [
        one["envelope_sha256"] for one in desk.submissions() if one["unopenable"] is None
    ]
    assert _of(_outbox(desk), ItemType.RECEIPT) == []


def test_a_receipt_goes_only_to_the_server_that_sent_the_envelope(desk: Desk) -> None:
    second = FakeServer("second")
    desk.know_server(second)
    desk.issue()
    second.manifest = desk.server.manifest
    desk.take_in(desk.server.seal())
    desk.backup()
    _outbox(desk)
    items = second.take_outbox((desk.folder / "outbox.bundle").read_bytes())
    assert _of(items, ItemType.RECEIPT) == []


def test_manifests_go_along_until_the_server_has_shown_that_it_has_them(desk: Desk) -> None:
    assert len(_of(_outbox(desk), ItemType.MANIFEST)) == 1
    assert _of(_outbox(desk), ItemType.MANIFEST) == []
    desk.issue()
    (payload,) = _of(_outbox(desk), ItemType.MANIFEST)
    assert SignedManifest.parse(payload).raw == (desk.folder / "manifest.json").read_bytes()
    desk.issue()
    desk.take_in(desk.server.seal())
    assert _of(_outbox(desk), ItemType.MANIFEST) == []


def test_a_new_stream_carries_the_whole_run_though_the_server_has_shown_a_later_manifest(desk: Desk) -> None:
    """It was restored, or the reviewer was: what it showed before says nothing of what it has now."""
    desk.issue()
    desk.take_in(desk.server.seal())
    _outbox(desk)
    desk.do("servers", "confirm", desk.home, "server", "5a" * 16)
    desk.server._received.clear()  # its staff have confirmed the new stream
    assert len(_of(_outbox(desk), ItemType.MANIFEST)) == 2
    assert _of(_outbox(desk), ItemType.MANIFEST) == []


def test_an_outbox_that_got_lost_is_written_again(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    assert _reply(desk, short_id, "lost at first") == 0
    desk.do("outbox", desk.home, "--out", desk.folder / "lost.bundle")
    items = _outbox(desk, "--from", "1")
    assert _texts_for(items, a_mailbox()) == ["lost at first"]
    assert len(_of(items, ItemType.REPLY)) == 64


def test_an_outbox_from_a_number_has_for_each_server_also_what_was_never_written_for_it(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    for _ in range(3):
        _outbox(desk)
    newer = FakeServer("newer")
    desk.know_server(newer)
    newer.adopt(desk.issue(), desk.root / "root.pub")
    assert _reply(desk, short_id, "for both") == 0
    assert _texts_for(_outbox(desk, "--from", "3", server=newer), a_mailbox()) == ["for both"]


def test_an_outbox_that_could_not_be_written_goes_into_the_next(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    assert _reply(desk, short_id, "not on the stick") == 0
    assert desk.run("outbox", desk.home, "--out", desk.folder / "no such folder" / "outbox.bundle") == 1
    assert "cannot write" in desk.err
    assert _texts_for(_outbox(desk), a_mailbox()) == ["not on the stick"]


def test_neither_outbox_nor_backup_is_written_over_the_other_or_over_the_casebook(desk: Desk) -> None:
    """The receipts in an outbox let servers delete what is in the backup: it must not be gone by then."""
    desk.take_in(desk.server.seal())
    backup = desk.backup()
    kept = backup.read_bytes()
    assert desk.run("outbox", desk.home, "--out", backup) == 1
    assert "is no outbox" in desk.err
    assert backup.read_bytes() == kept
    for place in (desk.folder / "tips.bundle", desk.home / "casebook.db"):
        before = place.read_bytes()
        assert desk.run("backup", desk.home, "--to", place) == 1
        assert "is no backup" in desk.err
        assert place.read_bytes() == before
    assert len(_of(_outbox(desk), ItemType.RECEIPT)) == 1
    desk.backup()


def test_what_a_source_deleted_is_withdrawn_from_every_server(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    for text in ("one", "two"):
        assert _reply(desk, short_id, text) == 0
    rows = [ReplyRow.parse(payload) for payload in _of(_outbox(desk), ItemType.REPLY)]
    mine = [row for row in rows if reply_tag(a_mailbox().mailbox_id, salt=row.salt) == row.tag]
    deleted = mine[0]
    _act(desk, ("act", "delete"), ("reply", deleted.reply_id.hex()))
    (payload,) = _of(_outbox(desk), ItemType.WITHDRAWAL)
    assert Withdrawal.parse(payload).reply_ids == (deleted.reply_id,)
    assert _of(_outbox(desk), ItemType.WITHDRAWAL) == []
    fates = {one["text"]: one["deleted_by_source"] for one in desk.show(short_id)["replies"]}
    assert sorted(day is None for day in fates.values()) == [False, True]


@pytest.mark.parametrize("machine", ["server", "reviewer"])
def test_after_either_side_was_restored_receipts_and_withdrawals_are_told_again(desk: Desk, machine: str) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    assert _reply(desk, short_id, "to be deleted") == 0
    (shown,) = _replies_for(_outbox(desk), a_mailbox())
    _act(desk, ("act", "delete"), ("reply", shown.reply_id.hex()))
    desk.backup()
    told = _outbox(desk)
    backup = desk.backup()
    if machine == "server":
        desk.do("servers", "confirm", desk.home, "server", "5a" * 16)
    else:
        identity = desk.root / "casebook-backup-reviewer.key"
        desk.home = desk.folder / "restored"
        desk.do("restore", desk.home, "--from", backup, "--identity", identity)
        desk.backup()
    desk.server._received.clear()  # its staff have confirmed the new stream
    again = _outbox(desk)
    for kind in (ItemType.RECEIPT, ItemType.WITHDRAWAL):
        assert len(_of(told, kind)) == 1
        assert _of(again, kind) == _of(told, kind)


def test_an_act_deletes_nothing_of_another_mailbox(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox(1)))
    assert _reply(desk, short_id, "stays") == 0
    rows = [ReplyRow.parse(payload) for payload in _of(_outbox(desk), ItemType.REPLY)]
    mine = next(row for row in rows if reply_tag(a_mailbox(1).mailbox_id, salt=row.salt) == row.tag)
    _act(desk, ("act", "delete"), ("reply", mine.reply_id.hex()), mailbox=a_mailbox(2))
    assert _of(_outbox(desk), ItemType.WITHDRAWAL) == []
    assert desk.show(short_id)["replies"][0]["deleted_by_source"] is None


@pytest.mark.parametrize("extra", [0, 1, 100_000])
def test_an_answer_is_at_most_2048_bytes_and_the_limit_is_named(desk: Desk, extra: int) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    code = _reply(desk, short_id, "я" * (TEXT_BYTES // 2) + "x" * extra)
    assert code == (1 if extra else 0)
    if extra:
        assert "2048 bytes" in desk.err
        assert desk.show(short_id)["replies"] == []


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe not text"])
def test_an_answer_that_is_no_text_is_refused(desk: Desk, content: bytes) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    (desk.folder / "answer.txt").write_bytes(content)
    assert desk.run("reply", desk.home, short_id, "--text-file", desk.folder / "answer.txt") == 1


def test_nobody_can_be_answered_where_no_mailbox_is_named(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal())
    assert _reply(desk, short_id, "hello?") == 1
    assert "has no mailbox to reply to" in desk.err


def test_nothing_is_answered_to_a_mailbox_whose_words_may_be_known(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    assert _reply(desk, short_id, "before") == 0
    _act(desk, ("act", "words-known"), ("mailbox", a_mailbox(2).address().to_bytes().hex()))
    assert _reply(desk, short_id, "after") == 1
    assert "wrong hands" in desk.err
    assert _texts_for(_outbox(desk), a_mailbox()) == []


def test_an_outbox_needs_a_server(bare_desk: Desk) -> None:
    bare_desk.found()
    assert bare_desk.run("outbox", bare_desk.home, "--out", bare_desk.folder / "outbox.bundle") == 1
    assert "no server is known" in bare_desk.err
    assert not (bare_desk.folder / "outbox.bundle").exists()


def _act(desk: Desk, *fields: tuple[str, str], mailbox: MailboxKeys | None = None) -> Path:
    desk.take_in(
        desk.server.seal(
            fields=fields, mailbox=mailbox or a_mailbox(), kind=Kind.ACT, submission_id=bytes(range(1, 17))
        )
    )
    return desk.home
