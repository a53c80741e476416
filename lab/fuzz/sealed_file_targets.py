"""Files that a source sealed by itself: how they begin, and to whom they are sealed."""

from collections.abc import Iterator

from crypto.age import age_armor, envelope
from crypto.manifests import issued_keys, recipient_file
from crypto.primitives import bech32
from lab.fuzz.marked_keys import KEYS, with_keys
from lab.fuzz.seeds import OURS, or_refusal, seeds_of
from lab.fuzz.target import Target, same
from tipline.intake import sealed_upload
from tipline.requests.refusals import Reason, Refused


def _file_start(untrusted_input: bytes) -> None:
    """First byte: the length of the pieces in which a file comes; its kind is what one piece would give."""
    size = 8 + untrusted_input[0] * 7 if untrusted_input else 8
    content = untrusted_input[1:]
    whole = or_refusal(lambda: _kind_of_file([content]), Refused)
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    same(or_refusal(lambda: _kind_of_file(pieces), Refused), whole)
    if isinstance(whole, str):
        raise Refused(Reason.SEALED_BROKEN)


def _kind_of_file(pieces: list[bytes]) -> tuple[str, bytes]:
    """The type under which it is kept, and its bytes."""
    start = sealed_upload.FileStart("image/jpeg")
    for place, piece in enumerate(pieces):
        if piece and (given_back := start.take(piece)) is not None:
            return start.media_type, given_back + b"".join(pieces[place + 1 :])
    return start.media_type, start.end()


def _recipients(untrusted_input: bytes) -> None:
    raw = with_keys(untrusted_input)
    same(recipient_file.recipient_file(recipient_file.parse_recipients(raw)), raw)


def _recipient_files() -> Iterator[bytes]:
    sorted_keys = sorted(KEYS[:8], key=lambda key: bech32.decode("age1pq", key.decode()))
    marks = [b"@%d" % KEYS.index(key) for key in sorted_keys]
    for first in (b"# last day 2026-12-31", b"# last day 2027-06-30", b"# last day 2026-12-30"):
        yield b"".join(line + b"\n" for line in (first, *marks[:4]))
        yield b"".join(line + b"\n" for line in (first, *marks[3::-1]))
        yield b"".join(line + b"\n" for line in (first, *marks))


def targets() -> Iterator[Target]:
    tokens = (
        b"age-encryption.org/v1\n",
        b"-> mlkem768x25519 ",
        b"-> X25519 ",
        b"--- ",
        b"\n",
        b" ",
        age_armor.BEGIN,
    )
    headers = [seed[:7000] for seed in seeds_of("envelope", "envelope")]
    yield Target(
        "file_start",
        _file_start,
        (Refused,),
        (sealed_upload, envelope.check_slots),
        [bytes([size]) + seed for seed in [b"", b"a", *tokens, *headers] for size in (0, 40, 255)],
        tokens,
    )
    yield Target(
        "recipient_file",
        _recipients,
        OURS,
        (
            *(recipient_file.parse_recipients, recipient_file._quarter_of, recipient_file._quarters_of_year),
            *(recipient_file.recipient_file, issued_keys._in_order),
        ),
        list(_recipient_files()),
        (b"# last day ", b"\n", b"\r\n", b"-12-31", b"-03-31", *(b"@%d" % number for number in range(8))),
    )
