"""The owner of a thread: computed the same way by every reviewer, or named by one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from crypto.keys.party import Party
from crypto.passphrases.mailbox import MAILBOX_ID_BYTES
from reviewer.casebook.shared_marks import OWNER, owner_digest
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.sharing.party import own_key, reviewers
from reviewer.sharing.record import conflicting, record
from system.errors import ProgramError


@dataclass(frozen=True, slots=True)
class ThreadOwner:
    """The owner of a thread. ``is_assigned`` if a reviewer named the owner, else it was computed.

    ``named_at_once`` holds the names that several reviewers gave without knowing of each other; empty without a
    conflict. The owner is one of them, the same at every reviewer.
    """

    name: str
    is_own: bool
    is_assigned: bool
    named_at_once: tuple[str, ...] = ()


def owner_of(home: Home, submission: Submission) -> ThreadOwner:
    """The owner of the thread of a submission; lists show the same one.

    This home itself before the first manifest, and for a tip that no colleague has.
    """
    own = own_key(home)
    parties = reviewers(home)
    if not parties or submission.is_only_here:
        return ThreadOwner(home.party_keys().name, is_own=True, is_assigned=False)
    names = {str(party.verify_key): party for party in parties}
    in_force = [one for one in conflicting(home, submission, OWNER) if one.text("owner") in names]
    if in_force:
        chosen = names[in_force[-1].text("owner")]
        named = sorted({names[one.text("owner")].name for one in in_force})
        return ThreadOwner(chosen.name, chosen.verify_key == own, True, tuple(named) if len(named) > 1 else ())
    chosen = first_owner(parties, thread_of(submission))
    return ThreadOwner(chosen.name, chosen.verify_key == own, is_assigned=False)


def first_owner(parties: Sequence[Party], thread: bytes) -> Party:
    """The owner until one is named: the party with the highest digest over thread and key.

    When a reviewer comes or goes, only threads of that reviewer change their owner.
    """
    return max(parties, key=lambda party: owner_digest(thread, party.verify_key.to_bytes()))


def thread_of(submission: Submission) -> bytes:
    """The name of a thread at every reviewer: the mailbox id, or the digest of the envelope."""
    if submission.mailbox_bytes is None:
        return submission.envelope.sha256
    return submission.mailbox_bytes[:MAILBOX_ID_BYTES]


def assign(home: Home, submission: Submission, name: str, *, today: dt.date) -> ThreadOwner:
    """Make a reviewer the owner of the thread; the others learn it with the next outbox.

    Raises:
        ProgramError: no reviewer of the newest manifest has this name, or no colleague has the tip.
    """
    before = owner_of(home, submission)
    if submission.is_only_here and name != before.name:
        raise ProgramError(
            f"{submission.short_id} is in this casebook only, so it belongs to {before.name}",
            hint="no colleague has a report by telephone, or a tip that another organisation handed over",
        )
    if submission.is_only_here or (not reviewers(home) and name == before.name):
        return before
    party = next((one for one in reviewers(home) if one.name == name), None)
    if party is None:
        known = ", ".join(one.name for one in reviewers(home))
        raise ProgramError("no reviewer has this name", hint=f"reviewers are: {known or 'none yet'}")
    if before.name == name and before.is_assigned and not before.named_at_once:
        return before
    with home.casebook.changing():
        record(home, OWNER, submission, {"owner": str(party.verify_key)}, today=today)
        home.casebook.log.add("owner", f"{submission.short_id} to {name}", today=today)
    return owner_of(home, submission)
