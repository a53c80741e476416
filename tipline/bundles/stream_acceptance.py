"""Accepts streams of reviewers: a new one, and after a restore of this server that of each."""

from collections.abc import Sequence
from typing import Final

from crypto.keys.party import Party
from tipline.bundles.reviewer_streams import ConfirmedStream
from tipline.errors import CarryRefused
from tipline.instance.intake_status import ClosedReason, IntakePolicy
from tipline.store import Store

AT_THE_SERVER: Final = (
    "ask its staff for the stream that their last outbox printed; only if it is this one:"
    " tipline import DIR FILE --accept-stream"
)
"""The words before the name of a stream, where the server was restored."""


class StreamAcceptance:
    """Carries out ``--accept-stream``, and words the refusal that asks for it."""

    def __init__(self, store: Store, policy: IntakePolicy) -> None:
        self._store = store
        self._policy = policy

    def begin(self, accept: ConfirmedStream, reviewers: Sequence[Party], *, is_courier: bool) -> None:
        """Accept the present stream, before a FILE is read. A new stream is accepted by its first bundle.

        Raises:
            CarryRefused: on a restored server a person must accept it, after adopting the newest manifest.
        """
        if self._policy.is_put_back():
            raise CarryRefused(
                "this server was restored: no reviewer is accepted before a person has adopted the newest manifest",
                hint=ClosedReason.ROLLED_BACK.hint,
            )
        incoming, unaccepted = self._store.incoming, self._store.incoming.unaccepted()
        for party in reviewers:
            sender = party.verify_key.to_bytes()
            if party.name != accept.reviewer or sender not in unaccepted:
                continue
            if is_courier:
                raise CarryRefused(
                    f"this server was restored: {party.name} is accepted again at the server, not by a courier",
                    hint=f"{AT_THE_SERVER} {accept}",
                )
            place = incoming.place(sender)
            if place is not None and place.stream == accept.stream:
                incoming.begin_stream(sender, accept.stream)

    def refusal(self, asked_for: ConfirmedStream, *, is_unaccepted: bool) -> CarryRefused:
        """Return the refusal of a bundle of a new stream, with the remedy.

        ``is_unaccepted``: the stream was not accepted since a restore of this server.
        """
        refused = f"{asked_for.reviewer} has begun a new stream of bundles"
        if self._policy.is_put_back():
            return CarryRefused(f"{refused}, and this server was restored", hint=ClosedReason.ROLLED_BACK.hint)
        where = "at the server " if is_unaccepted else ""
        return CarryRefused(
            refused,
            hint="was that machine restored or replaced? ask its staff for the stream that their last outbox"
            f" printed, and only if it is this one add {where}--accept-stream {asked_for}",
        )
