"""One sound input of each format, and how the program reads it: what the tests of bad input begin with."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from crypto.age.age_armor import ArmorReader
from crypto.age.envelope import open_envelope
from crypto.beacon.relay_file import parse_relay_file
from crypto.beacon.relay_post import open_post
from crypto.beacon.sighting import KeyOf, RelayWeekKey, read_sighting
from crypto.beacon.week_file import parse_week
from crypto.bundles.announcement import verify_announcement
from crypto.bundles.bundle import Expected, read_bundle
from crypto.bundles.bundle_file import read_bundle_file
from crypto.bundles.bundle_items import DeliveryReceipt, WeekClosed, Withdrawal
from crypto.bundles.bundle_statement import Statement
from crypto.keys import minisign
from crypto.keys.at_rest import RestKey
from crypto.keys.identity_file import IdentityFile
from crypto.keys.key_file import open_key_file
from crypto.keys.keys import (
    DutySecretKey,
    HybridSecretKey,
    IntakeSecretKey,
    PartyVerifyKey,
    RootVerifyKey,
    SourceSecretKey,
)
from crypto.keys.keys import TransportSecretKey as Transport
from crypto.keys.party import Party
from crypto.manifests.manifest import SignedManifest, verify_manifest
from crypto.manifests.manifest_body import Manifest
from crypto.manifests.offer import verify_offer
from crypto.manifests.recipient_file import verify_recipients
from crypto.passphrases.locked_key import unlock_key
from crypto.passphrases.mailbox import MailboxAddress
from crypto.passphrases.passphrase import Passphrase
from crypto.passphrases.people_file import PeopleFile
from crypto.primitives.byte_source import ByteSource
from crypto.recovery.casebook_backup import read_backup
from crypto.recovery.recovery_sheet import Sheet
from crypto.sharing.shared_item import parse_inside
from crypto.submissions.container_reader import read_container
from crypto.submissions.reply import ReplyRow, open_reply
from crypto.submissions.submission import open_submission
from tests.vectors import foreign_primitives as age
from tests.vectors import make_container as inside
from tests.vectors.book import HERE, MALFORMED, NO_KEY_OPENS, VectorBook, bytes_of
from tests.vectors.make_bundle import FOUR

SEED = age.SEEDS[0]


class Nothing:
    """Takes what a container holds, and keeps none of it."""

    def field(self, name: str, value: str) -> None: ...
    def begin_file(self, name: str, media_type: str) -> None: ...
    def data(self, piece: bytes) -> None: ...
    def end_file(self, sha256: bytes) -> None: ...


@dataclass(frozen=True)
class Format:
    """``read`` takes an open source and returns when it was read whole.

    ``cut`` is the answer to a beginning of ``raw``.
    """

    name: str
    raw: bytes
    read: Callable[[ByteSource], object]
    cut: str = MALFORMED
    is_json: bool = False
    is_envelope: bool = False


@lru_cache
def vector(book: str, title: str = "") -> dict[str, object]:
    return next(one for one in VectorBook(book) if not title or one["name"] == title)


def raw_of(book: str, part: str, title: str = "") -> bytes:
    return bytes_of(vector(book, title)[part])  # type: ignore[arg-type]


def whole(read: Callable[[bytes], object]) -> Callable[[ByteSource], object]:
    """A reader of bytes, given all that the source has up to 64 MiB: more than any limit."""
    return lambda source: read(source.read(64 << 20))


def to_the_end(source: ByteSource) -> None:
    while source.read(1 << 16):
        pass


def _submission() -> bytes:
    """A sound submission under four slots: fields, a file, a mailbox."""
    fields = inside.field(b"text", b"hello") + inside.field(b"urgent", b"yes")
    content = b"\x07" * 1000
    file = inside.begin(b"a.jpg", b"image/jpeg") + inside.data(content) + inside.file_end(content)
    address = inside.MAILBOX_ID + inside.SOURCE_KEY
    container = inside.padded(inside.head() + fields + file + inside.end(2, 1, 1008, flag=1, mailbox=address))
    return (HERE / FOUR).read_bytes() + age.payload(bytes_of(container))


def _expected() -> Expected:
    told = vector("bundle")
    senders = [PartyVerifyKey.parse(one) for one in told["senders"]]  # type: ignore[attr-defined]
    return Expected(senders, PartyVerifyKey.parse(str(told["own"])))


def _bundle(source: ByteSource) -> None:
    for _entry, item in read_bundle(source, keys=[Transport(SEED)], expect=_expected(), progress={}):
        item.drain()


def _people(raw: bytes) -> None:
    people = PeopleFile.parse(raw)
    people.roster(people.unlock(str(vector("people_file")["passphrase"])).keys[0])


def _bundles(source: ByteSource) -> None:
    for sealed in read_bundle_file(source):
        to_the_end(sealed)


def _root(book: str) -> RootVerifyKey:
    return RootVerifyKey.parse(str(vector(book)["root"]))


def _item(raw: bytes) -> object:
    signed = SignedManifest.parse(raw)
    return verify_manifest(signed.raw, signed.signature, root=_root("adoption"))


def _signed_manifest() -> bytes:
    first, signature = (bytes_of(part) for part in vector("adoption")["run"][0])  # type: ignore[index]
    return SignedManifest(first, signature).to_bytes()


def _recipients(raw: bytes) -> object:
    signature = raw_of("recipient_file", "signature", "signature_sound")
    return verify_recipients(raw, signature, root=_root("recipient_file"))


def _key_file(raw: bytes) -> object:
    told = vector("key_file")
    keyring = RestKey(bytes.fromhex(str(told["home_key"]))).derive("keyring")
    return open_key_file(raw, name=str(told["key_name"]), key=keyring)


def _relay(book: str) -> KeyOf:
    key = RelayWeekKey(bytes.fromhex(str(vector(book)["key"])))
    return lambda _relay, _week: key


def _signature(raw: bytes) -> object:
    return minisign.verify(raw_of("minisign", "message"), untrusted_signature=raw, key=_root("minisign"))


FORMATS = [
    Format(
        "envelope",
        raw_of("envelope", "envelope"),
        lambda source: to_the_end(open_envelope(source, keys=[HybridSecretKey(SEED)])),
        is_envelope=True,
    ),
    Format(
        "submission",
        _submission(),
        lambda source: open_submission(
            source, keys=[IntakeSecretKey(SEED)], into=Nothing(), expect=lambda _head: None
        ),
        is_envelope=True,
    ),
    Format(
        "container",
        raw_of("container", "container", "file_between_two_fields"),
        lambda source: read_container(source, into=Nothing(), expect=lambda _head: None),
    ),
    Format("bundle", raw_of("bundle", "bundle"), _bundle, is_envelope=True),
    Format("bundle_with_marks", raw_of("bundle", "bundle", "marked_one_of_each"), _bundle, is_envelope=True),
    Format("bundle_file", raw_of("bundle_file", "file", "file_of_two_bundles"), _bundles),
    Format(
        "armor",
        raw_of("armor", "armored", "armor_of_two_full_lines").rstrip(b"\n"),
        lambda source: to_the_end(ArmorReader(source)),
    ),
    Format(
        "casebook_backup",
        raw_of("casebook_backup", "backup"),
        lambda source: read_backup(source, key=HybridSecretKey(SEED), into=lambda _name: lambda _piece: None),  # type: ignore[arg-type]
        is_envelope=True,
    ),
    Format(
        "reply",
        raw_of("reply", "row"),
        whole(lambda raw: open_reply(ReplyRow.parse(raw), key=SourceSecretKey(SEED))),
    ),
    Format("manifest", raw_of("manifest", "manifest", "manifest_small"), whole(Manifest.parse), is_json=True),
    Format("manifest_item", _signed_manifest(), whole(_item)),
    Format("signature_file", raw_of("minisign", "signature"), whole(_signature)),
    Format("root_pub", minisign.public_key_file(_root("minisign")), whole(minisign.parse_public_key_file)),
    Format("party", raw_of("party", "party"), whole(Party.parse), is_json=True),
    Format("statement", raw_of("statement", "statement"), whole(Statement.parse), is_json=True),
    Format(
        "receipt", raw_of("statements", "payload", "receipt_of_three"), whole(DeliveryReceipt.parse), is_json=True
    ),
    Format(
        "withdrawal", raw_of("statements", "payload", "withdrawal_of_three"), whole(Withdrawal.parse), is_json=True
    ),
    Format(
        "week_closed", raw_of("statements", "payload", "week-closed_sound"), whole(WeekClosed.parse), is_json=True
    ),
    Format("offer", raw_of("offer", "offer"), whole(lambda raw: verify_offer(raw, root=_root("offer")))),
    Format(
        "announcement",
        raw_of("announcement", "item"),
        whole(lambda raw: verify_announcement(raw, root=_root("announcement"))),
    ),
    Format("shared", raw_of("shared", "inside"), whole(parse_inside)),
    Format(
        "sighting",
        raw_of("sighting", "sighting"),
        whole(lambda raw: read_sighting(raw, key_of=_relay("sighting"))),
    ),
    Format(
        "relay_post",
        raw_of("relay_post", "post"),
        whole(lambda raw: open_post(raw, keys=[DutySecretKey(SEED)], key_of=_relay("relay_post"))),
        is_envelope=True,
    ),
    Format(
        "week_file",
        raw_of("week_file", "inside"),
        whole(
            lambda raw: parse_week(raw, signers=[PartyVerifyKey.parse(vector("week_file")["signers"][0])])  # type: ignore[index]
        ),
    ),
    Format(
        "relay_file",
        raw_of("relay_file", "inside"),
        whole(
            lambda raw: parse_relay_file(raw, signers=[PartyVerifyKey.parse(vector("relay_file")["signers"][0])])  # type: ignore[index]
        ),
    ),
    Format("recipient_file", raw_of("recipient_file", "file", "signature_sound"), whole(_recipients)),
    Format(
        "locked_key",
        raw_of("locked_key", "locked"),
        whole(lambda raw: unlock_key(raw, str(vector("locked_key")["passphrase"]))),
    ),
    Format("people_file", raw_of("people_file", "people"), whole(_people)),
    Format("key_file", raw_of("key_file", "file"), whole(_key_file), cut=NO_KEY_OPENS),
    Format(
        "recovery_sheet",
        # Four letters of a word are enough, so each is cut to them: a letter less is no word.
        " ".join(word[:4] for word in vector("recovery_sheet")["sheets"][0].split()).encode(),  # type: ignore[index]
        whole(lambda raw: Sheet.parse(raw.decode("latin-1"))),
        cut="likely typo",
    ),
    Format("identity_file", raw_of("identity_file", "identity").rstrip(b"\n"), whole(IdentityFile.parse)),
    Format("mailbox_address", inside.MAILBOX_ID + inside.SOURCE_KEY, whole(MailboxAddress.parse)),
    Format(
        "public_key",
        str(HybridSecretKey(SEED).public_key()).encode(),
        whole(lambda raw: HybridSecretKey.public_role.parse(raw.decode("latin-1"))),
    ),
    Format(
        "secret_key",
        HybridSecretKey(SEED).reveal().encode(),
        whole(lambda raw: HybridSecretKey.parse(raw.decode("latin-1"))),
    ),
    Format(
        "passphrase",
        " ".join(vector("passphrase")["digits"]).encode(),  # type: ignore[arg-type]
        whole(lambda raw: Passphrase.parse(raw.decode("latin-1"))),
        cut="likely typo",
    ),
]


def opened(format_: Format, raw: bytes) -> object:
    return format_.read(io.BytesIO(raw))
