"""Values of ``docs/formats/mailbox.md``."""

import math

from crypto.passphrases import mailbox, passphrase
from crypto.primitives import _hybrid
from reviewer.home import mailbox_names, short_name
from tests.crypto.page_constants.reading import Said

ID, SALT = mailbox.MAILBOX_ID_BYTES, mailbox.SITE_SALT_BYTES
LEAST_KIB_A_LANE = 8
MAILBOXES = 8000
ADVANTAGE = math.log2(MAILBOXES)
BITS = math.log2(7772**passphrase.RANDOM_WORDS)
LABELS = (mailbox._LABEL_ID.decode(), mailbox._LABEL_SEED.decode())

SAID: Said = (
    "Argon2id v1.3 (RFC 9106)",
    f"the {2 * passphrase.RANDOM_WORDS} bytes of the passphrase, salt = the site salt, {_hybrid.SEED_BYTES} bytes out",
    f"info `{LABELS[0]}`), {ID} bytes",
    f"info `{LABELS[1]}`), {_hybrid.SEED_BYTES} bytes: the seed",
    f"{ID} + {_hybrid.PUBLIC_KEY_BYTES} bytes",
    f"BLAKE2b-{8 * mailbox.REPLY_TAG_BYTES} over the {mailbox.REPLY_SALT_BYTES}-byte salt",
    f"| {SALT} random bytes, one a site | exactly {SALT} bytes |",
    (
        f"| memory | {mailbox.MEMORY_KIB:,} KiB | {LEAST_KIB_A_LANE} KiB a lane to {mailbox.MOST_MEMORY_KIB:,} KiB |"
        f" {mailbox.MEMORY_KIB:,} KiB |"
    ),
    f"| passes | {mailbox.PASSES} | 1 to {mailbox.MOST_PASSES} | {mailbox.PASSES} |",
    f"| lanes | {mailbox.LANES} | 1 to {mailbox.MOST_LANES} | {mailbox.LANES} |",
    f"(about {ADVANTAGE:.0f} for {MAILBOXES:,}), which leaves more than {int(BITS - ADVANTAGE)}",
    "`tipline/v2/…`",
    f"SHA-256 over `{short_name._LABEL.decode()}` ‖ mailbox address, of which the first {2 * short_name._GROUPS} bytes",
    f"a consonant (4 bits, of `{short_name._CONSONANTS}`), a vowel (2, of `{short_name._VOWELS}`)",
    "three numbers of 16 bits. Each number is five letters",
    f"it was made of `{short_name._FORMER_LABEL.decode()}` ‖ mailbox id",
    f"for {mailbox_names.FORMER_DAYS} days after the upgrade of a casebook",
)
