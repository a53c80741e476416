"""A reviewer who carries, and tries to hide something from the others: with a home, and without a server's key."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crypto.age.envelope import EnvelopeWriter, open_envelope
from crypto.bundles.bundle import ItemEntry, Statement
from crypto.bundles.bundle_file import BundleFileWriter, read_bundle_file
from crypto.bundles.bundle_head import MAGIC, SLOTS, VERSION_WITHOUT_MARKS
from crypto.keys.keys import TransportPublicKey, TransportSecretKey
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.desk_stage import Desk

Hide = Callable[[ItemEntry], bool]
"""True for an item that shall be hidden."""

_STATEMENT_AT = 109
_SEALING_BYTES, _SIGNATURE_BYTES = 8, 64


@dataclass
class _Inside:
    """The part behind the seal of a bundle of version 3."""

    head: bytes
    statement: bytes
    sealing: bytes
    items: list[tuple[ItemEntry, bytes]]
    """With mark and bytes as they stand there."""
    signature: bytes


class Fellow:
    """Seals bundles of a FILE again, to the same receivers."""

    def __init__(self, key: TransportSecretKey, receivers: Sequence[TransportPublicKey]) -> None:
        """``key`` opens the FILE."""
        self._key = key
        self._receivers = receivers

    @classmethod
    def at(cls, desk: Desk) -> "Fellow":
        """With what a reviewer has."""
        with open_home(desk.home, entry=SecretEntry(None)) as home:
            newest = home.casebook.manifests.newest(root=home.root_key)
            assert newest is not None
            receivers = [party.transport_key for party in newest.manifest.reviewers]
            return cls(home.party_keys().transport, receivers)

    def as_version_1(self, exported: bytes, hide: Hide) -> bytes:
        """In version 1, in which no one signs what is not there."""
        return self._file(exported, lambda one: _version_1(one, hide))

    def with_marks(self, exported: bytes, hide: Hide, *, mark: bytes) -> bytes:
        """In version 3, with another mark for what is hidden: the signature is the old one."""
        return self._file(exported, lambda one: _version_3(one, hide, mark))

    def _file(self, exported: bytes, made: Callable[[_Inside], bytes]) -> bytes:
        out = io.BytesIO()
        file = BundleFileWriter(out.write)
        for sealed in read_bundle_file(io.BytesIO(exported)):
            inside = _parse(open_envelope(io.BytesIO(sealed.read()), keys=[self._key], slots=SLOTS).read())
            with file.bundle() as sink:
                strangers = (
                    TransportSecretKey.generate().public_key() for _ in range(SLOTS - len(self._receivers))
                )
                envelope = EnvelopeWriter(sink, to=[*self._receivers, *strangers])
                envelope.write(made(inside))
                envelope.finish()
        file.finish()
        return out.getvalue()

    def _slots(self) -> list[TransportPublicKey]:
        strangers = (TransportSecretKey.generate().public_key() for _ in range(SLOTS - len(self._receivers)))
        return [*self._receivers, *strangers]


def _parse(plain: bytes) -> _Inside:
    length = int.from_bytes(plain[_STATEMENT_AT - 4 : _STATEMENT_AT], "big")
    at = _STATEMENT_AT + length
    statement, sealing = plain[_STATEMENT_AT:at], plain[at : at + _SEALING_BYTES]
    at += _SEALING_BYTES
    items = []
    for entry in Statement.parse(statement).items:
        end = at + 1 + (entry.length if plain[at] == 1 else 0)
        items.append((entry, plain[at:end]))
        at = end
    assert len(plain) == at + _SIGNATURE_BYTES
    return _Inside(plain[: _STATEMENT_AT - 4], statement, sealing, items, plain[at:])


def _version_1(one: _Inside, hide: Hide) -> bytes:
    head = MAGIC + bytes([VERSION_WITHOUT_MARKS]) + one.head[len(MAGIC) + 1 :]
    items = b"".join(b"\0" if hide(entry) or written[0] != 1 else written for entry, written in one.items)
    return head + len(one.statement).to_bytes(4, "big") + one.statement + items


def _version_3(one: _Inside, hide: Hide, mark: bytes) -> bytes:
    items = b"".join(mark if hide(entry) else written for entry, written in one.items)
    return one.head + len(one.statement).to_bytes(4, "big") + one.statement + one.sealing + items + one.signature
