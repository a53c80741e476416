"""Members keep nothing that was deleted or hidden: each part leaves their copy, and the rest of it stays."""

import hashlib

from reviewer.cases.archive import add_note, destroy_note
from reviewer.cases.deleting import answer_number, delete_answer, delete_file, delete_tips, file_number
from reviewer.cases.reply_to import reply_to
from reviewer.home.home import Home, open_home
from reviewer.people.giving import give, members
from reviewer.people.withdrawing import withdraw_gone
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.fakes_server import a_mailbox
from tests.reviewer.cases.test_deleting import canary
from tests.reviewer.cases.test_sealed_files import container
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk.open_desk import open_desk
from tests.reviewer.home import test_people
from tests.reviewer.home.test_people import FIRST, THIRD, Shared

# Its fixtures are ours as well.
furnish_shared, shared = test_people.furnish_shared, test_people.shared
PARTS = ("Stays", "Sealedtext", "Sealedbytes", "Bytes", "Answer", "Note", "Second", "Secondbytes")


def two_messages(shared: Shared) -> list[str]:
    """Two messages of one mailbox, each with a file; the first has a sealed file too. Noor is a member."""
    assert shared.add(FIRST, "Noor", THIRD, "member") == 0, shared.desk.err
    seal = shared.desk.server.seal
    sealed = container(shared.desk, canary("Sealedtext"), [("a.txt", "", canary("Sealedbytes").encode())])
    files = [("evidence.age", "sealed", sealed), ("b.txt", "", canary("Bytes").encode())]
    envelopes = [
        seal(fields=[("text", canary("Stays"))], files=files, mailbox=a_mailbox()),
        seal(
            fields=[("text", canary("Second"))],
            files=[("c.txt", "", canary("Secondbytes").encode())],
            mailbox=a_mailbox(),
            submission_id=b"2" * 16,
        ),
    ]
    bundle = shared.desk.write(shared.desk.server.submissions(*envelopes))
    shared.desk.do("import", shared.desk.home, bundle, *shared.unlock(FIRST))
    return [hashlib.sha256(one).hexdigest()[:12] for one in envelopes]


def had_by_members(home: Home) -> set[str]:
    """The parts whose canary is in any item for a member."""
    found = set()
    for place in members(home):
        channel = home.channels_of(place).to_member
        with home.member_store() as store:
            raw = [store.read(channel, pieces) for pieces in store.items(channel).values()]
        found |= {part for part in PARTS if any(canary(part).encode() in one for one in raw)}
    return found


def test_91_a_member_loses_each_part_that_is_deleted_and_keeps_the_rest(shared: Shared) -> None:
    first, second = two_messages(shared)
    left = set(PARTS)
    with open_home(shared.desk.home, entry=SecretEntry(str(shared.unlock(FIRST)[1]))) as home:
        tip, other = (home.casebook.submissions.find(one) for one in (first, second))
        add_note(home, tip, canary("Note"), today=today())
        reply_to(home, tip, canary("Answer"), despite_two_keys=False, today=today())
        give(home, tip, "Noor", today=today())
        assert had_by_members(home) == left
        assert withdraw_gone(home, today=today()) == 0
        (note,) = home.casebook.notes.of(tip.number)
        answer, sealed, file = answer_number(home, tip, 1), file_number(home, tip, 1), file_number(home, tip, 2)
        deletions = (
            (lambda: destroy_note(home, tip, note.number, today=today()), {"Note"}),
            (lambda: delete_answer(home, tip, answer, because="harm", today=today()), {"Answer"}),
            (lambda: delete_file(home, tip, file, because="harm", today=today()), {"Bytes"}),
            (
                lambda: delete_file(home, tip, sealed, because="harm", today=today()),
                {"Sealedtext", "Sealedbytes"},
            ),
            (lambda: delete_tips(home, [other], because="harm", today=today()), {"Second", "Secondbytes"}),
        )
        for delete, gone in deletions:
            delete()
            assert withdraw_gone(home, today=today()) == 1
            left -= gone
            assert had_by_members(home) == left
        assert left == {"Stays"}
    shown = shared.desk.do("given", "show", shared.desk.home, first, *shared.unlock(THIRD))
    assert canary("Stays") in shown
    for name in ("b.txt", "evidence.age", "c.txt"):
        assert name not in shown


def test_a_tip_that_a_colleague_hides_leaves_the_copies_of_members_with_the_round(
    shared: Shared,
) -> None:
    desk, mine = shared.desk, shared.unlock(FIRST)
    second = Colleague(desk, "second")
    second.join()
    manifest = desk.folder / "manifest-of-two"
    offer = second.offer()
    desk.do("keys", "issue", desk.home, "--root", desk.root, "--out", manifest, "--with", offer, *mine)
    desk.server.adopt(manifest, desk.root / "root.pub")
    second.adopt(manifest)
    first, hidden = two_messages(shared)
    second.do("import", second.home, desk.folder / "tips.bundle")
    desk.do("people", "give", desk.home, first, "Noor", *mine)
    second.do("delete", second.home, hidden, "--because", "quarantine")
    file = desk.folder / "for-colleagues"
    second.do("share", "write", second.home, file)
    with open_desk(desk.home, passphrase_file=mine[1]) as opened:
        assert "Second" in had_by_members(opened.desk_session.home)
        opened.post("/rounds/share-read", file=str(file))
        had = had_by_members(opened.desk_session.home)
    assert "Stays" in had
    assert not had & {"Second", "Secondbytes"}
