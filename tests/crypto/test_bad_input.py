"""Bad input to every format: cut, of another kind, of another version, with sizes that lie, deep, twice, endless.

Each is refused with the error of its kind, and in bounded memory: the program never reads or allocates by a number
that someone wrote down before it has looked at that number.
"""

import io
import re
import tracemalloc

import pytest

from crypto.errors import CryptoError
from crypto.primitives.byte_source import ByteSource
from crypto.submissions.container import ContainerWriter
from crypto.submissions.container_head import Head
from crypto.submissions.container_reader import read_container
from tests.crypto.sound_inputs import FORMATS, Format, Nothing, opened, whole
from tests.crypto.vector_outcome import outcome_of
from tests.vectors import foreign_primitives as age
from tests.vectors import make_bundle, make_container
from tests.vectors.book import HERE, MALFORMED, NEWER, NO_KEY_OPENS, OPENS

FIRST_BYTES = 8192
EACH_BYTES = 256
SEALED_CHUNK = 65536 + 16
MIB = 1 << 20
BY_NAME = {format_.name: format_ for format_ in FORMATS}
JSON = [format_ for format_ in FORMATS if format_.is_json]
every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
every_document = pytest.mark.parametrize("format_", JSON, ids=lambda format_: format_.name)


@every_format
def test_what_these_tests_begin_with_opens(format_: Format) -> None:
    assert outcome_of(lambda: opened(format_, format_.raw)) == OPENS


@every_format
def test_cut_at_many_places_of_its_first_8_kib_and_at_its_edges_it_is_refused_as_its_page_says(
    format_: Format,
) -> None:
    """After each of the first 256 bytes, and after one in seven behind them; ``lab/crypto`` cuts after each."""
    require_each_cut_refused(format_, step=7)


def require_each_cut_refused(format_: Format, *, step: int) -> None:
    length = min(len(format_.raw), FIRST_BYTES)
    ends = {*range(min(length, EACH_BYTES)), *range(EACH_BYTES, length, step), len(format_.raw) - 1}
    for edge in range(len(format_.raw) % SEALED_CHUNK, len(format_.raw), SEALED_CHUNK):
        ends |= {edge - 1, edge, edge + 1} if edge else set()
    outcomes = {outcome_of(lambda end=end: opened(format_, format_.raw[:end])) for end in ends}  # type: ignore[misc]
    # Of what is signed a longer beginning has a signature that does not fit it.
    signs = {"announcement", "offer", "manifest_item", "recipient_file", "relay_file", "week_file"}
    signed = {"bad signature"} if format_.name in signs else set()
    # Nothing typed, and far too little, are no words at all.
    assert format_.cut in outcomes
    assert outcomes <= {format_.cut} | signed


def test_a_container_cut_at_any_edge_of_its_frames_is_malformed() -> None:
    pieces: list[bytes] = []
    writer = ContainerWriter(lambda piece: pieces.append(bytes(piece)), head=Head.parse(make_container.head()))
    writer.field("text", "hello")
    for length in (0, 1, 262_144, 600_000):
        writer.begin_file("name", "type")
        writer.data(b"\7" * length)
        writer.end_file()
    writer.finish(None)
    raw, at = b"".join(pieces), 0
    edges = [0]
    for piece in pieces:
        at += len(piece)
        edges.append(at)
    read = BY_NAME["container"].read
    assert outcome_of(lambda: read(io.BytesIO(raw))) == OPENS
    for edge in edges[:-1]:
        for end in (edge - 1, edge, edge + 1):
            if 0 <= end < len(raw):
                assert outcome_of(lambda end=end: read(io.BytesIO(raw[:end]))) == MALFORMED  # type: ignore[misc]


ALIKE = {
    *(("identity_file", "secret_key"), ("secret_key", "identity_file")),
    *(("bundle", "bundle_with_marks"), ("bundle_with_marks", "bundle")),
    ("container", "shared"),
}
"""An identity file of one line is the letters of its key; bundles of both versions have one reader; a shared item
is a container of a newer version."""


@every_format
def test_no_format_is_taken_for_another(format_: Format) -> None:
    for other in FORMATS:
        if (
            other is format_
            or (format_.name, other.name) in ALIKE
            or (format_.name == "envelope" and other.is_envelope)
        ):
            continue
        outcome = outcome_of(lambda other=other: opened(format_, other.raw))  # type: ignore[misc]
        assert outcome in {MALFORMED, format_.cut}, other.name


@pytest.mark.parametrize(
    ("name", "at"), [("container", 8), ("bundle_file", 8), ("locked_key", 19), ("offer", 8)], ids=lambda part: part
)
@pytest.mark.parametrize(("version", "outcome"), [(0, MALFORMED), (2, NEWER), (127, NEWER), (255, NEWER)])
def test_another_version_in_its_byte_is_named(name: str, at: int, version: int, outcome: str) -> None:
    raw = BY_NAME[name].raw
    changed = raw[:at] + bytes([version]) + raw[at + 1 :]
    assert outcome_of(lambda: opened(BY_NAME[name], changed)) == outcome


@every_document
@pytest.mark.parametrize(
    ("version", "outcome"),
    [("0", MALFORMED), ("-1", MALFORMED), ("2", NEWER), (str(2**53 - 1), NEWER), (str(2**53), MALFORMED)],
)
def test_another_version_of_a_document_is_named(format_: Format, version: str, outcome: str) -> None:
    changed = format_.raw.replace(b'"format_version":1', b'"format_version":' + version.encode())
    assert changed != format_.raw
    assert outcome_of(lambda: opened(format_, changed)) == outcome


def peak_bytes(format_: Format, raw: bytes | ByteSource) -> tuple[str, int]:
    """The answer of the reader, and its highest use of memory beside its input."""
    source = io.BytesIO(raw) if isinstance(raw, bytes) else raw
    tracemalloc.start()
    try:
        outcome = outcome_of(lambda: format_.read(source))
        return outcome, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


LIES = {
    "zero": bytes,
    "all ones": lambda width: b"\xff" * width,
    "the highest bit": lambda width: b"\x80" + bytes(width - 1),
    "all but the highest bit": lambda width: b"\x7f" + b"\xff" * (width - 1),
}
CONTAINER_SIZES = {
    "name of a field": (70, 1),
    "value of a field": (71, 4),
    "name of a file": (78, 2),
    "type of a file": (80, 1),
    "data": (84, 4),
    "length of a file": (94, 8),
    "fields": (143, 4),
    "files": (147, 4),
    "content": (151, 8),
    "mailbox": (159, 1),
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("size", CONTAINER_SIZES)
def test_a_size_in_a_container_that_lies_is_malformed_and_costs_nothing(size: str, lie: str) -> None:
    raw, (at, width) = BY_NAME["container"].raw, CONTAINER_SIZES[size]
    changed = raw[:at] + LIES[lie](width) + raw[at + width :]
    if changed == raw:  # no mailbox is a zero already
        changed = raw[:at] + b"\1" + raw[at + width :]
    outcome, peak = peak_bytes(BY_NAME["container"], changed)
    assert outcome == MALFORMED
    assert peak < MIB


def bundle_around(content: bytes) -> bytes:
    return (HERE / make_bundle.FOUR).read_bytes() + age.payload(content)


@pytest.mark.parametrize("lie", LIES)
def test_a_size_in_a_bundle_that_lies_is_malformed_and_costs_nothing(lie: str) -> None:
    content = make_bundle.inside()
    changed = content[:105] + LIES[lie](4) + content[109:]
    outcome, peak = peak_bytes(BY_NAME["bundle"], bundle_around(changed))
    # A statement of no bytes is within the limit, and its signature fits nothing.
    assert outcome == ("bad signature" if lie == "zero" else MALFORMED)
    assert peak < MIB


@pytest.mark.parametrize(
    ("name", "at", "width", "outcome"),
    [
        ("bundle_file", 9, 4, MALFORMED),
        ("manifest_item", 0, 4, MALFORMED),
        ("locked_key", 20, 4, MALFORMED),
        ("locked_key", 24, 4, MALFORMED),
        ("locked_key", 28, 4, MALFORMED),
    ],
)
@pytest.mark.parametrize("lie", LIES)
def test_a_size_at_the_edge_of_a_file_that_lies_is_refused_and_costs_nothing(
    name: str, at: int, width: int, outcome: str, lie: str
) -> None:
    raw = BY_NAME[name].raw
    found, peak = peak_bytes(BY_NAME[name], raw[:at] + LIES[lie](width) + raw[at + width :])
    assert found in {outcome, "bad signature"} if name == "manifest_item" else found == outcome
    assert peak < MIB


@every_document
@pytest.mark.parametrize("number", [2**63, 2**63 - 1, 2**53, -(2**53), -1, 10**400])
def test_a_number_in_a_document_that_no_field_can_hold_is_malformed(format_: Format, number: int) -> None:
    places = list(re.finditer(rb"(?<=[:,\[])\d+(?=[,\]}])", format_.raw))
    assert places
    for place in places:
        changed = format_.raw[: place.start()] + str(number).encode() + format_.raw[place.end() :]
        assert outcome_of(lambda changed=changed: opened(format_, changed)) == MALFORMED  # type: ignore[misc]


@every_document
@pytest.mark.parametrize("opening", [b"[", b'{"a":', b"[[{"])
@pytest.mark.parametrize("depth", [9, 1000, 100_000])
def test_a_document_of_any_depth_is_malformed(format_: Format, opening: bytes, depth: int) -> None:
    deep = opening * depth
    for raw in (deep, b'{"a":' + deep, format_.raw[:-1] + b',"z":' + deep + b"}"):
        outcome, peak = peak_bytes(format_, raw)
        assert outcome == MALFORMED
        assert peak < 8 * MIB


@every_document
def test_a_name_that_stands_twice_in_a_document_is_malformed(format_: Format) -> None:
    for found in re.finditer(rb'(?<=[{,])("[a-z_0-9]+":("[^"]*"|\d+|null)),', format_.raw):
        twice = format_.raw[: found.start()] + found[0] + format_.raw[found.start() :]
        assert outcome_of(lambda twice=twice: opened(format_, twice)) == MALFORMED  # type: ignore[misc]


class Endless:
    """A beginning, and then one byte again and again, up to a GiB; it counts what was taken."""

    def __init__(self, start: bytes, then: bytes) -> None:
        self._start = io.BytesIO(start)
        self._then = then
        self.taken = 0

    def read(self, size: int, /) -> bytes:
        piece = self._start.read(size)
        if not piece and self.taken < 1 << 30:
            piece = self._then * min(size, 1 << 16)
        self.taken += len(piece)
        return piece


AGE = b"age-encryption.org/v1\n"
ENDLESS = [
    ("envelope", b"", b"a"),
    ("envelope", b"age-encryption.org/", b"v"),
    ("envelope", AGE + b"-> ", b"x"),
    ("envelope", AGE + b"-> mlkem768x25519 ", b"A"),
    ("envelope", AGE, b"-> x\n\n"),
    ("envelope", AGE + b"-> x\n", b"A" * 64 + b"\n"),
    ("envelope", AGE + b"-> x\n\n--- ", b"A"),
    ("submission", AGE + b"-> mlkem768x25519 ", b"A"),
    ("bundle", AGE + b"-> ", b"x"),
    ("casebook_backup", AGE + b"-> ", b"x"),
    ("container", b"", b"T"),
    ("container", make_container.head() + b"F\x40", b"\xff"),
    ("container", make_container.head(), b"F\x01\x00\x00\x00\x00a"),
    ("container", make_container.head(), make_container.begin(b"", b"") + make_container.file_end(b"")),
    ("container", make_container.head() + make_container.end(), b"\0"),
    ("bundle_file", b"TIPLINF\x1a\1", b"\xff\xff\xff\xfe"),
    ("armor", b"", b" "),
    ("armor", b"-----BEGIN", b"-"),
    ("armor", b"-----BEGIN AGE ENCRYPTED FILE-----\n", b"A"),
    ("armor", b"-----BEGIN AGE ENCRYPTED FILE-----\nQQ==\n-----END AGE ENCRYPTED FILE-----", b"\n"),
]


@pytest.mark.parametrize(("name", "start", "then"), ENDLESS)
def test_a_line_or_a_part_of_a_gibibyte_is_malformed_before_much_of_it_was_read(
    name: str, start: bytes, then: bytes
) -> None:
    source = Endless(start, then)
    outcome, peak = peak_bytes(BY_NAME[name], source)
    assert outcome == MALFORMED
    assert source.taken < 2 * MIB
    assert peak < 4 * MIB


@every_format
def test_a_gibibyte_of_zeros_is_refused(format_: Format) -> None:
    source = Endless(b"", b"\0")
    assert outcome_of(lambda: format_.read(source)) in {MALFORMED, format_.cut}
    assert source.taken <= 64 * MIB


@pytest.mark.parametrize("name", sorted({format_.name for format_ in FORMATS}))
def test_the_input_of_64_mib_is_refused_by_its_length(name: str) -> None:
    """Of a sound beginning as well: the limit comes before the work."""
    format_ = BY_NAME[name]
    if format_.is_envelope or name in {"container", "bundle_file", "armor"}:
        raw = format_.raw + bytes(MIB)  # their length is in what they say, not in a limit
    else:
        raw = format_.raw + b" " * (64 * MIB - len(format_.raw))
    outcome, peak = peak_bytes(format_, raw)
    assert outcome in {MALFORMED, NO_KEY_OPENS}
    assert peak < len(raw) + 8 * MIB


def test_every_error_of_these_tests_is_of_the_package() -> None:
    with pytest.raises(CryptoError):
        read_container(io.BytesIO(b""), into=Nothing(), expect=lambda _head: None)
    assert whole(len)(io.BytesIO(b"abc")) == 3
