"""Values of ``docs/formats/manifest.md``."""

from crypto import issued_keys, mailbox, manifest, manifest_body, minisign, run_files, week
from reviewer import carried_run
from tests.crypto.page_constants.reading import Said, power

MIB = manifest_body.LONGEST_BYTES // 2**20
SIGNATURE = f"{minisign.LONGEST_FILE_BYTES:,}"
DAYS, SERVERS, REVIEWERS = manifest_body.MOST_VALID_DAYS, manifest_body.MOST_SERVERS, manifest_body.MOST_REVIEWERS
WEEKS, QUARTERS = manifest_body.MOST_WEEKS, manifest_body.MOST_QUARTERS
COUNTED = {4: "four", 9: "nine"}

SAID: Said = (
    f"[Canonical JSON], at most {MIB} MiB.",
    f"`{manifest_body.FORMAT}`, {manifest_body.FORMAT_VERSION} |",
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
    f"files over {SIGNATURE} bytes",
    f"SHA-256(`{minisign._LABEL_ID.decode()}` ‖ public key), {minisign._ID_BYTES} bytes",
    (
        f"length of the manifest ({manifest._LENGTH_BYTES} bytes, big-endian, to {MIB} MiB) ‖ manifest ‖ signature file (1"
        f" to {SIGNATURE} bytes)"
    ),
    (
        f"## Limits {MIB} MiB, {SERVERS} servers, {REVIEWERS} reviewers, {WEEKS} weeks, {QUARTERS} quarters, {DAYS} days"
        f" from `issued` to `expires`; a signature file has at most {SIGNATURE} bytes."
    ),
    f"above {manifest_body.FORMAT_VERSION} is **newer**; a server",
    (
        f"`NAME{run_files.SIGNATURE_ENDING}`, and those before it in the folder `NAME{run_files.CHAIN_ENDING}/` as"
        f" `{run_files.run_name(1)}`, `{run_files.run_name(1)}{run_files.SIGNATURE_ENDING}` and so on, up to"
        f" {run_files.MOST_BEFORE:,}."
    ),
    f"or the newest of them in {carried_run.MOST_BYTES >> 20} MiB;",
)
