"""The week file, with which a duty machine reads posts: ``docs/formats/week-file.md``.

It goes from the air-gapped machine to the duty machines, signed by a reviewer and sealed to the duty keys. It holds
ids, and no seed of a button.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from crypto.beacon.relay_post import DUTY_SLOTS
from crypto.beacon.rotating_id import ID_BYTES, LARGEST_TIME, WINDOW_SECONDS, Meaning
from crypto.beacon.sighting import LARGEST_RELAY, RelayWeekKey
from crypto.beacon.signed_file import KEY_BYTES, SIGNATURE_BYTES, SignedFileKind
from crypto.errors import Malformed
from crypto.keys.keys import DutyPublicKey, DutySecretKey, PartySigningKey, PartyVerifyKey
from crypto.primitives import _hybrid, canonical_json
from crypto.primitives.canonical_json import Fields, Json, text_value
from crypto.primitives.week import Week

MAGIC = b"TIPLINW\x1a"
VERSION = 1
FORMAT = "tipline-week"
FORMAT_VERSION = 1
LABEL = b"tipline/v1/beacon/week-file\0"
LENGTH_BYTES = 4
HEAD_BYTES = len(MAGIC) + 1 + KEY_BYTES + SIGNATURE_BYTES + LENGTH_BYTES
DOCUMENT_BYTES = 2**20
MOST_BUTTONS, MOST_RELAYS, MOST_PLACES, MOST_WINDOWS, MOST_LINES = 500, 500, 500, 2048, 40
LONGEST_BYTES = HEAD_BYTES + DOCUMENT_BYTES + MOST_BUTTONS * len(Meaning) * MOST_WINDOWS * ID_BYTES
LARGEST_NUMBER = LARGEST_RELAY
LONGEST_LINE = 400
FIRST_MINUTE, NO_SECOND_PERSON = "First minute:", "When no second person comes:"
"""Lines of a card that begin both parts of the plan."""
_KIND = SignedFileKind(
    *("week file", MAGIC, VERSION, LABEL),
    least_bytes=LENGTH_BYTES,
    most_bytes=LENGTH_BYTES + LONGEST_BYTES - HEAD_BYTES,
)
_LAST_WINDOW = LARGEST_TIME // WINDOW_SECONDS


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """A place with a button: its number, and the lines that the duty desk shows when it rings."""

    number: int
    lines: tuple[str, ...]

    def to_json(self) -> Json:
        return {"lines": list(self.lines), "number": self.number}

    @classmethod
    def from_json(cls, untrusted_value: Json) -> "PlaceCard":
        fields = Fields(untrusted_value)
        number = fields.number("number", least=1, most=LARGEST_NUMBER)
        lines = tuple(
            text_value(line, longest=LONGEST_LINE) for line in fields.array("lines", least=1, most=MOST_LINES)
        )
        fields.close()
        if not all(canonical_json.is_plain_text(line, longest=LONGEST_LINE) for line in lines):
            raise Malformed("line of a place card must be printable")
        return cls(number, lines)


@dataclass(frozen=True, slots=True)
class ListedRelay:
    """A relay, the place where it stands, and its key of the week."""

    number: int
    place: int
    key: RelayWeekKey

    def to_json(self) -> Json:
        return {"key": self.key.seed().hex(), "number": self.number, "place": self.place}

    @classmethod
    def from_json(cls, untrusted_value: Json) -> "ListedRelay":
        fields = Fields(untrusted_value)
        key = RelayWeekKey(fields.hex("key", length_bytes=_hybrid.SEED_BYTES))
        number, place = _numbers(fields)
        return cls(number, place, key)


@dataclass(frozen=True, slots=True)
class ListedButton:
    """A button by its number, and the place where it hangs."""

    number: int
    place: int

    def to_json(self) -> Json:
        return {"number": self.number, "place": self.place}

    @classmethod
    def from_json(cls, untrusted_value: Json) -> "ListedButton":
        number, place = _numbers(Fields(untrusted_value))
        return cls(number, place)


@dataclass(frozen=True, slots=True)
class IdOwner:
    """The origin of an id: the button, the meaning, and the window in which the button sends it."""

    button: int
    meaning: Meaning
    window: int


@dataclass(frozen=True)
class WeekFile:
    """``ids`` has, for each button, each meaning and each window in order, 8 bytes.

    ``made`` is in Unix seconds.

    Raises:
        Malformed: a number that stands twice, a place that is not listed, a wrong number of ids, or an id twice.
    """

    week: Week
    first_window: int
    windows: int
    places: tuple[PlaceCard, ...]
    relays: tuple[ListedRelay, ...] = field(repr=False)
    buttons: tuple[ListedButton, ...]
    ids: bytes = field(repr=False)
    made: int

    def __post_init__(self) -> None:
        listed = {card.number for card in self.places}
        for numbers in ([one.number for one in rows] for rows in (self.places, self.relays, self.buttons)):
            if numbers != sorted(set(numbers)):
                raise Malformed("numbers of a week file must be in order, none twice")
        if not {one.place for one in self.relays} | {one.place for one in self.buttons} <= listed:
            raise Malformed("relays and buttons of a week file must stand at places that it lists")
        if self.first_window + self.windows > _LAST_WINDOW + 1:
            raise Malformed("windows of a week file must begin within 32 bits of seconds")
        count = len(self.buttons) * len(Meaning) * self.windows
        if len(self.ids) != count * ID_BYTES or len(self.table) != count:
            raise Malformed("week file must have an id for each button, meaning and window, none twice")

    @cached_property
    def table(self) -> dict[bytes, IdOwner]:
        """Id to owner, for all ids of the week."""
        return dict(self._owners())

    def _owners(self) -> Iterator[tuple[bytes, IdOwner]]:
        at = 0
        for button in self.buttons:
            for meaning in Meaning:
                for window in range(self.first_window, self.first_window + self.windows):
                    yield self.ids[at : at + ID_BYTES], IdOwner(button.number, meaning, window)
                    at += ID_BYTES

    def to_bytes(self) -> bytes:
        """The document, without the ids."""
        return canonical_json.to_bytes(
            {
                "buttons": [one.to_json() for one in self.buttons],
                "first_window": self.first_window,
                "format": FORMAT,
                "format_version": FORMAT_VERSION,
                "made": self.made,
                "places": [one.to_json() for one in self.places],
                "relays": [one.to_json() for one in self.relays],
                "week": str(self.week),
                "windows": self.windows,
            }
        )


def inside_of_week(week_file: WeekFile, *, key: PartySigningKey) -> bytes:
    """The bytes inside of the envelope, signed by a reviewer."""
    return _KIND.inside(_signed(week_file), key=key)


def parse_week(untrusted_bytes: bytes, *, signers: Sequence[PartyVerifyKey]) -> WeekFile:
    """Undo :func:`inside_of_week`.

    Raises:
        Malformed: anything else, or by another signer.
        NewerFormat: a later version.
        BadSignature: that signer did not sign these bytes.
    """
    signed = _KIND.parse(untrusted_bytes, signers=signers)
    length = int.from_bytes(signed[:LENGTH_BYTES], "big")
    if length > DOCUMENT_BYTES:
        raise Malformed(f"document of a week file must have at most {DOCUMENT_BYTES} bytes")
    end = LENGTH_BYTES + length
    return _parse(signed[LENGTH_BYTES:end], signed[end:])


def seal_week(week_file: WeekFile, *, key: PartySigningKey, to: Sequence[DutyPublicKey]) -> bytes:
    """The week file, sealed to both duty keys.

    Raises:
        ValueError: not two keys.
    """
    if len(to) != DUTY_SLOTS:
        raise ValueError("a week file is sealed to two duty keys")
    return _KIND.seal(_signed(week_file), key=key, to=to)


def open_week(
    untrusted_bytes: bytes, *, keys: Sequence[DutySecretKey], signers: Sequence[PartyVerifyKey]
) -> WeekFile:
    """Undo :func:`seal_week`.

    Raises:
        NoKeyOpens: sealed to other keys.
        Malformed, NewerFormat, BadSignature: as :func:`parse_week`.
    """
    return parse_week(_KIND.open(untrusted_bytes, keys=keys, slots=DUTY_SLOTS), signers=signers)


def _signed(week_file: WeekFile) -> bytes:
    document = week_file.to_bytes()
    return len(document).to_bytes(LENGTH_BYTES, "big") + document + week_file.ids


def _parse(document: bytes, ids: bytes) -> WeekFile:
    fields = Fields.of_document(document, format_name=FORMAT, version=FORMAT_VERSION, limit_bytes=DOCUMENT_BYTES)
    week = Week.parse(fields.text("week", longest=8))
    first = fields.number("first_window", least=0, most=_LAST_WINDOW)
    windows = fields.number("windows", least=1, most=MOST_WINDOWS)
    made = fields.number("made", least=0, most=LARGEST_TIME)
    places = fields.array("places", most=MOST_PLACES)
    relays = fields.array("relays", most=MOST_RELAYS)
    buttons = fields.array("buttons", most=MOST_BUTTONS)
    fields.close()
    return WeekFile(
        *(week, first, windows, tuple(map(PlaceCard.from_json, places))),
        *(tuple(map(ListedRelay.from_json, relays)), tuple(map(ListedButton.from_json, buttons)), ids, made),
    )


def _numbers(fields: Fields) -> tuple[int, int]:
    number = fields.number("number", least=1, most=LARGEST_NUMBER)
    place = fields.number("place", least=1, most=LARGEST_NUMBER)
    fields.close()
    return number, place
