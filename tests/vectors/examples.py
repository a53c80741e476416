"""Worked examples of the format pages: ``python -m tests.vectors.examples`` rewrites the section of each page.

Each is a vector of a book, in hex, with the meaning of its parts beside it, and what follows from it by the rules
of the page. Values that are derived come from ``lab/second``, which was made from the pages.
"""

import re
from collections.abc import Callable
from pathlib import Path

from tests.vectors import beacon_examples, document_examples, envelope_examples, key_examples, words_examples
from tests.vectors.worked import TITLE

PAGES = Path(__file__).parents[2] / "docs" / "formats"


EXAMPLES: dict[str, Callable[[], str]] = {
    "announcement": document_examples.announcement,
    "bundle": envelope_examples.bundle,
    "canonical-json": document_examples.canonical_json,
    "casebook-backup": key_examples.casebook_backup,
    "container": envelope_examples.container,
    "day-mark": beacon_examples.day_mark,
    "duty-note": beacon_examples.duty_note,
    "envelope": envelope_examples.envelope,
    "evidence-package": words_examples.evidence_package,
    "fingerprint": words_examples.fingerprint,
    "hand-over": document_examples.hand_over,
    "identity-file": key_examples.identity_file,
    "keyring": key_examples.keyring,
    "locked_key": key_examples.locked_key,
    "mailbox": words_examples.mailbox,
    "manifest": document_examples.manifest,
    "offer": document_examples.offer,
    "party": document_examples.party,
    "passphrase": words_examples.passphrase,
    "place-code": words_examples.place_code,
    "questionnaire": document_examples.questionnaire,
    "people-file": key_examples.people_file,
    "recipient-file": key_examples.recipient_file,
    "recovery-sheet": words_examples.recovery_sheet,
    "reply": envelope_examples.reply,
    "relay-file": beacon_examples.relay_file,
    "rotating-id": beacon_examples.rotating_id,
    "server-backup": key_examples.server_backup,
    "shared": document_examples.shared,
    "sighting": beacon_examples.sighting,
    "statements": document_examples.statements,
    "week-file": beacon_examples.week_file,
}


def with_example(page: str, example: str) -> str:
    """The page with this as its section, where it stands already, or as its last one."""
    before, title, after = page.partition(TITLE)
    rest = re.search(r"^## ", after, re.MULTILINE)
    following = after[rest.start() :] if rest else ""
    return (
        before.rstrip("\n") + "\n\n" + example + (f"\n{following}" if following else "")
        if title
        else (before.rstrip("\n") + "\n\n" + example)
    )


def main() -> None:
    for name, make in EXAMPLES.items():
        path = PAGES / f"{name}.md"
        path.write_text(with_example(path.read_text(encoding="utf-8"), make()), encoding="utf-8")


if __name__ == "__main__":
    main()
