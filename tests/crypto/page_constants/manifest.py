"""Values of ``docs/formats/manifest.md``."""

from crypto.keys import minisign
from crypto.keys.keys import RootSigningKey
from crypto.manifests import issued_keys, manifest, manifest_body, manifest_chain
from crypto.passphrases import mailbox
from crypto.primitives import week
from reviewer.exchange import outbox
from tests.crypto.page_constants.reading import Said, power

MIB = manifest_body.LONGEST_BYTES // 2**20
SIGNATURE = f"{minisign.LONGEST_FILE_BYTES:,}"
DAYS, SERVERS, REVIEWERS = manifest_body.MOST_VALID_DAYS, manifest_body.MOST_SERVERS, manifest_body.MOST_REVIEWERS
WITH_DUTY = manifest_body.FORMAT_VERSION_WITH_DUTY
WEEKS, QUARTERS = manifest_body.MOST_WEEKS, manifest_body.MOST_QUARTERS
COUNTED = {4: "four", 9: "nine"}

ROOT = RootSigningKey(bytes(32))
ID, KEY, UNUSED, CHECKSUM = (
    minisign._ID_BYTES,
    len(ROOT.verify_key().to_bytes()),
    minisign._SECRET_KEY_UNUSED_BYTES,
    minisign._CHECKSUM_BYTES,
)
SEED, ED25519, PREHASH = len(ROOT.seed()), len(ROOT.sign(b"")), len(minisign._prehash(b""))
KIND, SECRET_KIND = len(minisign._KEY), len(minisign._SECRET_KEY)
SECRET_ID = SECRET_KIND + UNUSED
SECRET_KEY = SECRET_ID + ID + SEED
FILES_OF_MINISIGN: Said = (
    (f"`{minisign._UNTRUSTED}` ‖ any text, or none", 3),
    f"`{minisign._TRUSTED}` ‖ the trusted comment",
    f"each at most {SIGNATURE} bytes of UTF-8",
    f"base64 of the {KIND + ID + ED25519} bytes of the first table",
    f"base64 of {ED25519} bytes: Ed25519 over the signature's {ED25519} bytes ‖ the trusted comment",
    f"base64 of the {KIND + ID + KEY} bytes of the second table",
    f"base64 of the {SECRET_KEY + KEY + CHECKSUM} bytes of the third table",
    f"| 0 | {KIND} | `{minisign._PREHASHED.decode()}`: Ed25519, prehashed.",
    (f"| {KIND} | {ID} | key id |", 2),
    f"| {KIND + ID} | {ED25519} | Ed25519 over the {PREHASH} bytes of BLAKE2b-512",
    (f"| 0 | {KIND} | `{minisign._KEY.decode()}`: Ed25519 |", 2),
    f"| {KIND + ID} | {KEY} | public key |",
    f"| {KIND} | 2 | zero: no key derivation.",
    f"| {SECRET_KIND - 2} | 2 | `{minisign._SECRET_KEY[-2:].decode()}`, the kind of the checksum |",
    f"| {SECRET_KIND} | {UNUSED} | salt and limits of the derivation, 32 + 8 + {UNUSED - 32 - 8} bytes",
    f"| {SECRET_ID} | {ID} | key id |",
    f"| {SECRET_ID + ID} | {SEED} | seed of the signature key |",
    f"| {SECRET_KEY} | {KEY} | public key |",
    f"| {SECRET_KEY + KEY} | {CHECKSUM} | checksum: zero",
    f"SHA-256(`{minisign._LABEL_ID.decode()}` ‖ public key), the first {ID} bytes.",
    f"in {2 * ID} capital hex digits",
    f"a file over {SIGNATURE} bytes; bytes that",
    f"Which {KEY} bytes a public key has",
)

SAID: Said = (
    f"[Canonical JSON], at most {MIB} MiB.",
    f"`{manifest_body.FORMAT}`, {manifest_body.FORMAT_VERSION}; {WITH_DUTY} with `duty`, and there only |",
    f"| {WITH_DUTY - 1}, which was never given out, and a higher version as **newer** |",
    f"only in version {WITH_DUTY}: the public keys",
    f"has format version {manifest_body.FORMAT_VERSION}, and the same bytes",
    f"| `version` | 1 to {power(manifest_body.LARGEST_VERSION)} |",
    "`null` in version 1 and there only",
    f"text, to {manifest_body.LONGEST_ORGANISATION} characters",
    f"outside {week.FIRST_YEAR} to {week.LAST_YEAR}; a last day before the first, or over {DAYS} days after it",
    f"costs below {mailbox.MEMORY_KIB:,} KiB or {mailbox.PASSES} passes",
    f"| to {SERVERS} [parties]",
    f"| 1 to {REVIEWERS} parties",
    f"| to {WEEKS} of `week` and {COUNTED[issued_keys.KEYS]} `keys`",
    f"| to {QUARTERS} of `quarter` and {COUNTED[issued_keys.KEYS]} `keys`",
    f"{COUNTED[issued_keys._SIGNATURE_LINES]} texts to {issued_keys._LONGEST_SIGNATURE_LINE} characters",
    f"from the Monday of their week for {COUNTED[week.KEY_DAYS]} days",
    *FILES_OF_MINISIGN,
    (
        f"length of the manifest ({manifest._LENGTH_BYTES} bytes, big-endian, to {MIB} MiB) ‖ manifest ‖ signature file (1"
        f" to {SIGNATURE} bytes)"
    ),
    (
        f"## Limits {MIB} MiB, {SERVERS} servers, {REVIEWERS} reviewers, {WEEKS} weeks, {QUARTERS} quarters,"
        f" {manifest_body.DUTY_KEYS} duty keys, {DAYS} days"
        f" from `issued` to `expires`; a signature file has at most {SIGNATURE} bytes."
    ),
    f"`format_version` {WITH_DUTY - 1}, and above {WITH_DUTY}, is **newer**; a server",
    (
        f"`NAME{manifest_chain.SIGNATURE_ENDING}`, and those before it in the folder `NAME{manifest_chain.CHAIN_ENDING}/` as"
        f" `{manifest_chain.chain_file_name(1)}`, `{manifest_chain.chain_file_name(1)}{manifest_chain.SIGNATURE_ENDING}` and so on, up to"
        f" {manifest_chain.MOST_BEFORE:,}."
    ),
    f"or the newest of them in {outbox.MOST_BYTES >> 20} MiB;",
)
