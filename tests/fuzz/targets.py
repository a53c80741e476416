"""Every parser of bytes from outside, as the fuzzer runs it. Vectors are the first inputs."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

from crypto import (
    age_armor,
    age_header,
    age_stream,
    bech32,
    bundle,
    bundle_file,
    byte_source,
    canonical_json,
    container_head,
    container_reader,
    envelope,
    identity_file,
    issued_keys,
    manifest_body,
    minisign,
    party,
    passphrase,
    reply,
    statement,
    statements,
)
from crypto.errors import CryptoError, Malformed
from crypto.keys import HybridSecretKey, RootSigningKey, RootVerifyKey
from tests.fuzz import container_inputs, envelope_inputs
from tests.fuzz.mutation import LONGEST_INPUT_BYTES
from tests.fuzz.target import Target, same
from tests.vectors.book import VectorBook, bytes_of
from tipline import parts
from tipline.refusals import Reason, Refused

OURS = (CryptoError,)
_JSON = (
    b'{"',
    b'":',
    b"[",
    b"]",
    b"{",
    b"}",
    b",",
    b"null",
    b"true",
    b"0",
    b"-1",
    b"1e9",
    b"9007199254740992",
    b"\\u0000",
)
_BOUNDARY = "----geckoform"
_SIGNED = next(iter(VectorBook("minisign")))
_ROOT = RootVerifyKey.parse(_SIGNED["root"])
_MESSAGE = bytes_of(_SIGNED["message"])
_KEYS = [str(HybridSecretKey(bytes([place]) * 32).public_key()).encode() for place in range(40)]
_PLACE_OF_A_KEY = re.compile(rb"@([0-9]|[1-3][0-9])(?![0-9])")


_PART_OF_A_BROWSER = re.compile(rb"\r\n(?:[^\r\n]+\r\n)+\r\n.*\r\n", re.DOTALL)


def seeds_of(book: str, part: str) -> list[bytes]:
    """The bytes of all vectors of a book that are short enough."""
    raw = [bytes_of(vector[part]) for vector in VectorBook(book) if part in vector]
    return [seed for seed in raw if len(seed) <= LONGEST_INPUT_BYTES]


def _again(parse: Callable[[bytes], Any]) -> Callable[[bytes], None]:
    def run(untrusted_input: bytes) -> None:
        same(parse(untrusted_input).to_bytes(), untrusted_input)

    return run


def _json(untrusted_input: bytes) -> None:
    value = canonical_json.parse(untrusted_input, limit_bytes=1 << 16)
    same(canonical_json.to_bytes(value), untrusted_input)


def _armor(untrusted_input: bytes) -> None:
    """However it is cut into pieces, the same comes out."""
    whole = _or_refusal(lambda: _taken_out(io.BytesIO(untrusted_input)), Malformed)
    same(_or_refusal(lambda: _taken_out(container_inputs.Dripping(untrusted_input)), Malformed), whole)
    if isinstance(whole, str):
        raise Malformed(whole)


def _taken_out(source: byte_source.ByteSource) -> bytes:
    reader = age_armor.unarmored(source)
    return b"".join(iter(lambda: reader.read(4096), b""))


def _or_refusal(read: Callable[[], object], kind: type[Exception]) -> object:
    try:
        return read()
    except kind as error:
        return str(error)


def _bundle_file(untrusted_input: bytes) -> None:
    for number, sealed in enumerate(bundle_file.read_bundle_file(io.BytesIO(untrusted_input))):
        if number % 2:  # every other one is left to be passed over
            while sealed.read(100):
                pass


def _minisign(untrusted_input: bytes) -> None:
    mode, raw = (untrusted_input[0] % 3, untrusted_input[1:]) if untrusted_input else (0, b"")
    if mode == 0:
        minisign.verify(_MESSAGE, untrusted_signature=raw, key=_ROOT)
    elif mode == 1:
        minisign.parse_public_key_file(raw)
    else:
        minisign.parse_secret_key_file(raw)


def _statements(untrusted_input: bytes) -> None:
    kinds = (statements.Receipt, statements.Withdrawal, statements.WeekClosed)
    mode, raw = (untrusted_input[0] % 3, untrusted_input[1:]) if untrusted_input else (0, b"")
    same(kinds[mode].parse(raw).to_bytes(), raw)


def _passphrase(untrusted_input: bytes) -> None:
    read = passphrase.Passphrase.parse(untrusted_input.decode(errors="surrogateescape"))
    same(passphrase.Passphrase.parse(" ".join(read.words)), read)


def _reply_row(untrusted_input: bytes) -> None:
    # Whole rows are long: the input is the beginning of one, or has another length.
    raw = untrusted_input[1:]
    if untrusted_input[:1] == b"\1":
        raw += bytes(max(0, reply.ROW_BYTES - len(raw)))
    same(reply.ReplyRow.parse(raw).to_bytes(), raw)


def _multipart(untrusted_input: bytes) -> None:
    """First byte: the length of the pieces in which the body comes; what is read is what one piece would give."""
    size = 1 + untrusted_input[0] * 7 if untrusted_input else 1
    body = untrusted_input[1:]
    whole = _or_refusal(lambda: _parts([body]), Refused)
    cut = _or_refusal(lambda: _parts([body[at : at + size] for at in range(0, len(body), size)]), Refused)
    if isinstance(cut, list) and isinstance(whole, list) and _is_as_browsers_write(body):
        same(cut, whole)
    if isinstance(whole, str):
        raise Refused(Reason.BROKEN)


def _is_as_browsers_write(body: bytes) -> bool:
    """Whether every part has a head in lines that end with CRLF, and a content, be it empty.

    Werkzeug takes other bodies, too, and then the pieces in which one comes decide what is read: docs/fuzzing.md.
    """
    before, *sections, after = body.split(b"--" + _BOUNDARY.encode())
    return not before and after == b"--\r\n" and all(map(_PART_OF_A_BROWSER.fullmatch, sections))


def _parts(pieces: list[bytes]) -> list[object]:
    """The parts, with the pieces of each put together."""
    found: list[object] = []
    for part in parts.multipart_parts(iter(pieces), untrusted_boundary=_BOUNDARY):
        if isinstance(part, parts.Piece) and isinstance(found[-1], bytes):
            found[-1] += part.content
        else:
            found.append(part.content if isinstance(part, parts.Piece) else part)
    return found


def _forms() -> Iterator[bytes]:
    line = b"--" + _BOUNDARY.encode()
    text = line + b'\r\nContent-Disposition: form-data; name="text"\r\n\r\nWhat I saw.\r\n'
    file = (
        line + b'\r\nContent-Disposition: form-data; name="files"; filename="list.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF\r\n--\r\n"
    )
    for size in (0, 3, 255):
        yield bytes([size]) + text + line + b"--\r\n"
        yield bytes([size]) + text + file + file + line + b"--\r\n"


def _with_keys(raw: bytes) -> bytes:
    """A document of keys with each ``@0`` to ``@39`` replaced by a real key, which is long."""
    return _PLACE_OF_A_KEY.sub(lambda match: _KEYS[int(match[1])], raw)


def _without_keys(raw: bytes) -> bytes:
    for number, key in enumerate(_KEYS):
        raw = raw.replace(key, b"@%d" % number)
    return raw


def _documents(parse: Callable[[bytes], Any]) -> Callable[[bytes], None]:
    again = _again(parse)
    return lambda untrusted_input: again(_with_keys(untrusted_input))


def _seeds_without_keys(book: str, part: str) -> list[bytes]:
    raw = [_without_keys(bytes_of(vector[part])) for vector in VectorBook(book)]
    return [seed for seed in raw if len(seed) <= LONGEST_INPUT_BYTES]


def _minisign_files() -> Iterator[bytes]:
    for vector in VectorBook("minisign"):
        yield b"\0" + bytes_of(vector["signature"])
    key = RootSigningKey(bytes([7]) * 32)
    yield b"\1" + minisign.public_key_file(key.verify_key())
    yield b"\2" + minisign.secret_key_file(key)


def _identity_files() -> Iterator[bytes]:
    key = HybridSecretKey(bytes([1]) * 32).reveal().encode()
    yield b"# a comment\n" + key + b"\n"
    yield key.lower() + b"\r\n" + key + b"\r\n"
    yield b"AGE-SECRET-KEY-1X\n" + key


def _of_envelopes() -> Iterator[Target]:
    tokens = (
        *(b"age-encryption.org/v1\n", b"-> ", b"--- ", b"\n", b"\r\n", b" ", b"=", b"A" * 64 + b"\n"),
        *(b"mlkem768x25519", b"scrypt", b"X25519"),
    )
    small = b"age-encryption.org/v1\n-> grease a b\nAAAA\n-> x\n" + b"A" * 64 + b"\n\n--- " + b"A" * 43 + b"\n"
    yield Target(
        "header",
        envelope_inputs.read_header,
        OURS,
        (
            *(age_header.Header.read, age_header.Header.to_bytes, age_header.Stanza.to_bytes, age_header._Lines),
            *(age_header.base64_of, age_header.base64_to_bytes, byte_source.ExactSource.line),
        ),
        [small, *(seed[:2000] for seed in seeds_of("envelope", "envelope"))],
        tokens,
    )
    yield Target(
        "envelope",
        envelope_inputs.read_envelope,
        OURS,
        (
            *(envelope.open_envelope, envelope.EnvelopeReader, envelope._wrapped_keys, age_stream.ChunkOpener),
            *(age_header.Header.verify, byte_source),
        ),
        envelope_inputs.envelopes(),
        tokens,
    )
    yield Target(
        "armor",
        _armor,
        OURS,
        (age_armor,),
        seeds_of("armor", "armored"),
        (age_armor.BEGIN, age_armor.END, b"\n", b"\r\n", b"=", b"==", b"-----", b" "),
    )
    yield Target(
        "identity",
        identity_file.IdentityFile.parse,
        OURS,
        (identity_file, bech32.decode),
        list(_identity_files()),
        (b"AGE-SECRET-KEY-PQ-1", b"AGE-SECRET-KEY-1", b"#", b"\r\n", b"\n"),
    )


def _of_containers() -> Iterator[Target]:
    frames = container_inputs.FrameReader()
    seeds = seeds_of("container", "container")
    yield Target(
        "frames",
        frames.run,
        OURS,
        (container_reader,),
        [bytes([mode]) + seed[:600].rstrip(b"\0") for seed in seeds for mode in (0, 3)],
        (b"F", b"B", b"D", b"E", b"Z", b"TIPLINE\x1a\x01", b"\0" * 8, b"\xff" * 4),
        invent=container_inputs.invent,
        reached=lambda: frames.deep,
        least_reached=0.2,
    )
    yield Target(
        "head",
        _again(container_head.Head.parse),
        OURS,
        (container_head,),
        [seed[: container_head.HEAD_BYTES] for seed in seeds],
    )
    yield Target(
        "reply_row", _reply_row, OURS, (reply.ReplyRow.parse,), [b"\0" + b"\x44" * 80, b"\1" + b"\x44" * 80]
    )


def _of_documents() -> Iterator[Target]:
    yield Target(
        "json",
        _json,
        OURS,
        (canonical_json.parse, canonical_json._check_nesting, canonical_json._number),
        seeds_of("canonical_json", "json"),
        _JSON,
    )
    keys = tuple(b'"@%d"' % number for number in range(1, 10))
    yield Target(
        "manifest",
        _documents(manifest_body.Manifest.parse),
        OURS,
        (manifest_body, issued_keys),
        _seeds_without_keys("manifest", "manifest"),
        (*_JSON, *keys),
    )
    yield Target(
        "party",
        _documents(party.Party.parse),
        OURS,
        (party.Party.parse, party.Party._take, party.check_name, party.lower_case, bech32.decode),
        [*_seeds_without_keys("party", "party"), *seeds_of("party", "party")],
        (*_JSON, *keys),
    )
    yield Target(
        "statement",
        _again(statement.Statement.parse),
        OURS,
        (
            *(statement.Statement.parse, statement.Statement.__post_init__, statement.Statement.to_bytes),
            *(statement.ItemEntry.from_json, statement.Receiver.from_json),
        ),
        seeds_of("statement", "statement"),
        _JSON,
    )
    yield Target(
        "statements",
        _statements,
        OURS,
        (statements,),
        [bytes([mode]) + seed for seed in seeds_of("statements", "payload") for mode in range(3)],
        (*_JSON, b"tipline-receipt", b"tipline-withdrawal", b"tipline-week-closed"),
    )
    yield Target(
        "minisign",
        _minisign,
        OURS,
        (
            *(minisign.verify, minisign.parse_public_key_file, minisign.parse_secret_key_file),
            *(minisign._text_lines, minisign._after, minisign._unbase64),
        ),
        list(_minisign_files()),
        (b"untrusted comment: ", b"trusted comment: ", b"\n", b"="),
    )
    yield Target(
        "passphrase",
        _passphrase,
        OURS,
        (passphrase.Passphrase.parse, passphrase.Passphrase.__init__, passphrase._plain, passphrase._places),
        [vector["text"].encode(errors="surrogatepass") for vector in VectorBook("passphrase")],
        (b" ", b"-", b"1.", b"zoom", b"7772", "\u0663".encode(), "\u00e9".encode(), "\u0131".encode()),
    )


def _of_bundles() -> Iterator[Target]:
    opener = envelope_inputs.BundleOpener()
    yield Target(
        "bundle",
        opener.run,
        OURS,
        (bundle.read_bundle, bundle.BundleReader.__iter__, bundle.ItemSource, bundle._check_magic),
        envelope_inputs.bundles(),
        (b"\0", b"\1", *_JSON),
        invent=envelope_inputs.invent_bundle,
        reached=lambda: opener.deep,
    )
    yield Target(
        "bundle_file",
        _bundle_file,
        OURS,
        (bundle_file.read_bundle_file, bundle_file.SealedBundle),
        seeds_of("bundle_file", "file"),
        (bundle_file.MAGIC, b"\xff" * 4, b"\0" * 4),
    )


def _of_forms() -> Iterator[Target]:
    yield Target(
        "multipart",
        _multipart,
        (Refused,),
        (parts.multipart_parts, parts._without_a_split_ending, parts._events, parts._named),
        list(_forms()),
        (
            *(b"\r\n", b"\r\n\r\n", b"--", b"--" + _BOUNDARY.encode(), b"name=", b"filename=", b"filename*="),
            *(b"Content-Type: ", b"Content-Disposition: form-data; "),
        ),
    )


TARGETS = {
    target.name: target
    for targets in (_of_envelopes, _of_containers, _of_documents, _of_bundles, _of_forms)
    for target in targets()
}
