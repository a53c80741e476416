"""The position in each reviewer's stream, and the confirmation of a new stream by staff."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crypto.bundles.bundle import StreamPosition
from crypto.bundles.bundle_statement import STREAM_BYTES
from crypto.keys.keys import PartyVerifyKey
from crypto.keys.party import Party
from tipline.errors import CarryRefused
from tipline.store import Store


@dataclass(frozen=True, slots=True)
class ConfirmedStream:
    """A new stream that staff confirmed: the reviewer's name in the manifest, and its 16 bytes."""

    reviewer: str
    stream: bytes

    @classmethod
    def parse(cls, untrusted_text: str) -> "ConfirmedStream":
        """Parse ``NAME:HEX``, as the refusal printed it.

        Raises:
            CarryRefused: not such a text.
        """
        reviewer, _, digits = untrusted_text.partition(":")
        try:
            stream = bytes.fromhex(digits)
        except ValueError:
            stream = b""
        if not reviewer or len(stream) != STREAM_BYTES:
            raise CarryRefused("a new stream must be written as NAME:HEX, as the refusal of the import printed it")
        return cls(reviewer, stream)

    def __str__(self) -> str:
        return f"{self.reviewer}:{self.stream.hex()}"


class StreamProgress(Mapping[PartyVerifyKey, StreamPosition]):
    """Positions in the reviewers' streams; it remembers which was asked for last, to name it in a refusal."""

    def __init__(self, store: Store, reviewers: Sequence[Party], accept: ConfirmedStream | None) -> None:
        self._store = store
        self._names = {party.verify_key: party.name for party in reviewers}
        self._accept = accept
        self.asked_for = ""
        self.is_unaccepted = False

    def __getitem__(self, sender: PartyVerifyKey) -> StreamPosition:
        self.asked_for = self._names[sender]
        self.is_unaccepted = sender.to_bytes() in self._store.incoming.unaccepted()
        kept = self._store.incoming.place(sender.to_bytes())
        if kept is None:
            raise KeyError(sender)
        accept = self._accept
        if accept is not None and accept.reviewer == self.asked_for and accept.stream != kept.stream:
            return StreamPosition.begin(accept.stream, ended=kept.ended | {kept.stream})
        earlier = dict(kept.statements)
        number = max(earlier, default=0)
        last = earlier.pop(number, None)
        return StreamPosition(kept.stream, number, last, earlier, kept.ended)

    def __iter__(self) -> Iterator[PartyVerifyKey]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
