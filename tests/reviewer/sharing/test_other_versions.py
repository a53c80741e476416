"""Acts of the version before: its answers are shared, and items that it could not read are read now."""

import hashlib
import io

import pytest

from crypto.errors import NewerFormat
from crypto.sharing.shared_item import ENVELOPE_BYTES
from crypto.submissions.submission import open_submission
from reviewer.casebook.submission import Envelope
from reviewer.cases.archive import add_note
from reviewer.home.home import open_home
from reviewer.refusals import NEWER
from reviewer.sharing.writing import write_item
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk

DAY = today()


def written(desk: Desk, tip: str, note: str) -> bytes:
    """An item of this reviewer, with a note."""
    with open_home(desk.home, entry=SecretEntry(None)) as home, home.casebook.changing():
        add_note(home, home.casebook.submissions.find(tip), note, today=DAY)
        item = write_item(home, today=DAY)
        assert item is not None
        return item.carried.envelope


@pytest.fixture
def tip(desk: Desk, second: Colleague) -> str:
    """The short id of a tip that both hold."""
    envelope = desk.server.seal(fields=[("text", "a tip")], mailbox=a_mailbox())
    file = desk.write(desk.server.submissions(envelope))
    for one in (desk, second):
        one.do("import", one.home, file)
    return hashlib.sha256(envelope).hexdigest()[:12]


def test_a_reader_of_submissions_alone_calls_an_item_newer_and_a_later_one_reads_what_was_kept(
    desk: Desk, second: Colleague, tip: str
) -> None:
    envelope = written(second, tip, "kept for later")
    digest = hashlib.sha256(envelope).digest()
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        keys = [key for week in home.keyring.intake_weeks() for key in home.keyring.intake_keys(week)]
        with home.casebook.changing():
            arrival = home.casebook.submissions.arrival()
            with pytest.raises(NewerFormat):
                open_submission(io.BytesIO(envelope), keys=keys, into=arrival, expect=lambda _head: None)
        # What the import of the version before does then.
        (home.unopened / "item").write_bytes(envelope)
        home.casebook.submissions.keep_unopenable(
            NEWER,
            week=home.keyring.intake_weeks()[0],
            file_name="item",
            envelope=Envelope(digest, ENVELOPE_BYTES, "server"),
            today=DAY,
        )
    assert len(desk.submissions()) == 2
    assert desk.show(digest.hex())["may_be_shared"] is True
    desk.do("import", desk.home, desk.write(desk.server.submissions()))
    assert "from colleagues  1 changes" in desk.out
    assert [row["id"] for row in desk.submissions()] == [tip]
    (note,) = desk.show(tip)["notes"]
    assert (note["text"], note["by"]) == ("kept for later", "second")
    assert list((desk.home / "unopened").iterdir()) == []
    desk.do("outbox", desk.home, "--out", desk.folder / "outbox")
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert home.casebook.colleagues.receipts_due("server") == []
        assert home.casebook.submissions.receipts_due("server") == ([], 1), "the tip waits for a backup"


def test_answers_of_the_last_weeks_that_the_version_before_sealed_are_shared_once(
    desk: Desk, second: Colleague, tip: str
) -> None:
    answer = desk.folder / "answer"
    answer.write_text("Meet at the library", encoding="utf-8")
    owner = desk.json("owner", desk.home, tip)["owner"]
    desk.do("reply", desk.home, tip, "--text-file", answer, "--instead-of", owner)
    for statement in ("DELETE FROM operations_replaced", "DELETE FROM operations"):
        desk.tamper(statement)
    file = desk.folder / "for-colleagues"
    for _ in range(2):
        assert "1 changes" in desk.do("share", "write", desk.home, file)
    second.do("share", "read", second.home, file)
    assert [one["text"] for one in second.show(tip)["colleague_replies"]] == ["Meet at the library"]
    assert second.json("search", second.home, "library")["total"] == 1
