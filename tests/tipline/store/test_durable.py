"""When the first byte of a receipt leaves, what it stands for was made durable: a cut of power takes none of it.

Killing processes loses no byte that the kernel holds. So this looks at the calls themselves, in their order.
"""

from pathlib import Path

from lab.forensics.traced import STORE, Trace, traced
from lab.forensics.visitor import Address, Visitor
from tests.tipline.served import ServedFolder
from tests.tipline.site_stage import Upload

RECEIPT = "data-passphrase"
SHARED_MEMORY = "tipline.db-shm"
"""SQLite makes it again from the others."""


def test_a_receipt_leaves_after_what_it_stands_for_was_made_durable(tmp_path: Path) -> None:
    served = ServedFolder(tmp_path / "site")
    files = [Upload("a.bin", bytes(3_000_000)), Upload("b.bin", b"short")]
    with served.web() as web, traced(web, tmp_path / "trace"):
        visitor = Visitor(Address("127.0.0.1", web.port or 0))
        for sent in ([], files):
            visitor.get("/")
            visitor.upload("/", [("nonce", visitor.hidden("nonce")), ("text", "What I saw")], sent)
            assert len(visitor.words()) == 8
    trace = Trace(tmp_path / "trace")
    store = {str(tmp_path / "site" / "store" / name) for name in STORE if name != SHARED_MEMORY}
    assert {str(tmp_path / "site" / "store" / name) for name in ("tipline.db-wal", "bulk.db")} <= trace.written
    assert [left & store for left in trace.not_durable_at(RECEIPT)] == [set(), set()]
