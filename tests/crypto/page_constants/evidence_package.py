"""Values of ``docs/formats/evidence-package.md``."""

from crypto.age import x25519_file
from crypto.keys import fingerprint, keys
from crypto.primitives import _sodium
from crypto.submissions import container_head
from reviewer.casebook import submission
from reviewer.leaving import evidence_facts, package, tar_stream
from reviewer.linking import htcds_fields
from tests.crypto.page_constants.reading import Said

FIRST = package.file_path(1, "")
CLASSICAL = f"`{x25519_file.PREFIX}1…`"
HEAD = tar_stream._head("x", 0, tar_stream._FILE)

SAID: Said = (
    f"`{htcds_fields.FORMAT}`), `count` without relations",
    f"from `{FIRST.removeprefix('files/').removesuffix('.untrusted')}` on",
    "| `SHA256SUMS` | one line for each file above, in the order of the names: 64 hex digits, two blanks, the path |",
    "| `SHA256SUMS.minisig` | the signature of minisign over `SHA256SUMS`, prehashed |",
    ("sha256sum", 11),
    f"| `{evidence_facts.FORMAT}`, {evidence_facts.FORMAT_VERSION} |",
    "| `key` | line 2 of `evidence.pub` |",
    f"the first {submission.SHOWN_DIGITS} digits of its envelope's SHA-256",
    f"SHA-256(`{fingerprint._EVIDENCE.decode()}` ‖ the 32 bytes of the key)",
    f"each with mode {HEAD[103:107].decode()}, owner 0, group 0 and time 0",
    f"`{keys.HYBRID_PREFIX}1…`, hybrid: for `age` 1.3",
    f"{CLASSICAL}, X25519",
    f"the type `{x25519_file.STANZA_TYPE.decode()}`",
    f"a nonce of {_sodium.AEAD_NONCE_BYTES} zeros",
    f"info `{x25519_file._LABEL.decode()}`",
    f"at most {container_head.MOST_FILES:,} files and {container_head.MOST_FIELDS:,} fields",
    f"`format_version` above {evidence_facts.FORMAT_VERSION} is",
)
