"""A reply that a source has deleted is in no byte that a thief with the key can read: no page, no free
page, no write-ahead log, no journal."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from crypto.submissions.reply import seal_reply
from tests.organisation import TODAY
from tests.tipline.site_stage import Answer, Stage

KEY = bytes(32)
PAGE_BYTES = {"tipline.db": 8192, "bulk.db": 65536}
WAL_HEAD_BYTES, FRAME_HEAD_BYTES = 32, 24
ENOUGH_BYTES = 48
"""A stretch of a sealed envelope as long as this stands nowhere by chance."""


def readable(folder: Path) -> bytes:
    """Every page of both files in the clear, free ones and those of the write-ahead log too."""
    pages = []
    for name, page_bytes in PAGE_BYTES.items():
        raw = (folder / name).read_bytes()
        pages += [(raw[at : at + page_bytes], at == 0) for at in range(0, len(raw), page_bytes)]
    log = (folder / "tipline.db-wal").read_bytes()[WAL_HEAD_BYTES:]
    frame_bytes = FRAME_HEAD_BYTES + PAGE_BYTES["tipline.db"]
    for at in range(0, len(log), frame_bytes):
        number = int.from_bytes(log[at : at + 4], "big")
        pages.append((log[at + FRAME_HEAD_BYTES : at + frame_bytes], number == 1))
    assert (folder / "bulk.db-journal").stat().st_size == 0
    return b"\0".join(_clear(page, first) for page, first in pages if len(page) > 100)


def _clear(page: bytes, first: bool) -> bytes:
    sealed, iv = page[16 * first : -48], page[-48:-32]
    opener = Cipher(algorithms.AES(KEY), modes.CBC(iv)).decryptor()
    return opener.update(sealed[: len(sealed) // 16 * 16]) + opener.finalize()


def stretches(sealed: bytes) -> list[bytes]:
    """Pieces of it from all over, as no page holds it whole."""
    return [sealed[at : at + ENOUGH_BYTES] for at in range(0, len(sealed) - ENOUGH_BYTES, 500)]


def found(folder: Path, sealed: bytes) -> int:
    everything = readable(folder)
    return sum(stretch in everything for stretch in stretches(sealed))


def opened_with_an_answer(stage: Stage) -> tuple[Answer, bytes]:
    """A mailbox with one answer in it, and the envelope of that answer."""
    words = stage.browser.send_tip("hello").words
    row = seal_reply("an answer", to=stage.read_one().mailbox, day=TODAY, number=1)
    stage.store.replies.put(row.reply_id, row.salt, row.tag, row.envelope, TODAY)
    return stage.browser.open_mailbox(words), row.envelope


@pytest.mark.parametrize("which", ["all", "ticked"])
def test_an_answer_that_its_source_deleted_is_in_no_page_and_no_log(stage: Stage, which: str) -> None:
    page, envelope = opened_with_an_answer(stage)
    assert found(stage.path, envelope) > 100, "the search finds it while it is there"
    fields = [("nonce", page.form_nonce("/mailbox/delete")), ("which", which), ("reply", page.hidden("reply"))]
    assert stage.browser.post("/mailbox/delete", fields).status == 200
    assert found(stage.path, envelope) == 0
