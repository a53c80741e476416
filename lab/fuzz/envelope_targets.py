"""Age files: header, whole envelope, armour, and the files of keys that open them."""

import io
from collections.abc import Iterator

from crypto.age import age_armor, age_header, age_stream, envelope
from crypto.errors import Malformed
from crypto.keys import identity_file
from crypto.keys.keys import HybridSecretKey
from crypto.primitives import bech32, byte_source
from lab.fuzz import container_inputs, envelope_inputs
from lab.fuzz.seeds import OURS, or_refusal, seeds_of
from lab.fuzz.target import Target, same


def _armor(untrusted_input: bytes) -> None:
    """However it is cut into pieces, the same comes out."""
    whole = or_refusal(lambda: _taken_out(io.BytesIO(untrusted_input)), Malformed)
    same(or_refusal(lambda: _taken_out(container_inputs.Dripping(untrusted_input)), Malformed), whole)
    if isinstance(whole, str):
        raise Malformed(whole)


def _taken_out(source: byte_source.ByteSource) -> bytes:
    reader = age_armor.unarmored(source)
    return b"".join(iter(lambda: reader.read(4096), b""))


def _identity_files() -> Iterator[bytes]:
    key = HybridSecretKey(bytes([1]) * 32).reveal().encode()
    yield b"# a comment\n" + key + b"\n"
    yield key.lower() + b"\r\n" + key + b"\r\n"
    yield b"AGE-SECRET-KEY-1X\n" + key


def targets() -> Iterator[Target]:
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
            *(
                age_header.Header.read,
                age_header.Header.to_bytes,
                age_header.Stanza.to_bytes,
                age_header._HeaderLines,
            ),
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
