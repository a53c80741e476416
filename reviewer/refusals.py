"""The kinds of refusal, by name, and what staff can do about each."""

from crypto import errors
from crypto.errors import CryptoError
from reviewer.errors import BundleRefused

NO_KEY_OPENS = "no key opens"
NEWER = "newer"
CHANGED_MEDIUM = "changed medium"
CURABLE = (NEWER, NO_KEY_OPENS)
"""Refusals of things that may open later, with a newer program or with keys that turn up."""
NEWER_MANIFEST, MISSING_MANIFEST = "newer manifest", "missing manifest"
WAITING = (NEWER, NEWER_MANIFEST, MISSING_MANIFEST)
"""Refusals after which each import tries again."""

# The first line whose class fits is taken.
_KINDS: tuple[tuple[type[CryptoError], str, str], ...] = (
    (
        errors.NotForUs,
        "not for us",
        "only bundles of servers that were added, and name this reviewer, are taken in",
    ),
    (errors.BadSignature, "bad signature", "ask the operator whether the bundle is theirs; do not take it in"),
    (errors.Replayed, "replayed", "it was read before; nothing is lost"),
    (errors.OutOfOrder, "out of order", "ask the operator for the bundle that comes before it (export --from N)"),
    (errors.Forked, "forked", "the server was copied or restored: ask the operator before anything else"),
    (errors.RolledBack, "rolled back", "it is of a stream that has ended; ask the operator for a new export"),
    (
        errors.NewStream,
        "new stream",
        (
            "first import every FILE fetched before; confirm an older stream only if a reviewer has read it,"
            " the newest one last, after asking the operator: tipline-review servers confirm"
        ),
    ),
    (errors.Expired, "expired", "ask the issuer of keys for a newer one, and look at the clock of this machine"),
    (errors.TooEarly, "too early", "look at the clock of this machine, and of the one that issued it"),
    (errors.NewerFormat, NEWER, "update this program, and import the same FILE again"),
    (errors.NoKeyOpens, NO_KEY_OPENS, "the week may be retired, or the key issued on another machine"),
    (errors.TooLong, "too long", "it holds more text than this program reads into memory"),
    (errors.Malformed, "malformed", "it was cut or changed on the way: copy it again"),
)


def kind_of(error: CryptoError) -> str:
    """The name of the kind, as the vectors of the formats name it."""
    return next((name for kind, name, _hint in _KINDS if isinstance(error, kind)), "refused")


def refusal(error: CryptoError) -> BundleRefused:
    """The error as staff see it: kind, reason, and what to do."""
    hint = next((hint for kind, _name, hint in _KINDS if isinstance(error, kind)), "")
    stream = b""
    if isinstance(error, errors.NewStream):
        stream = error.stream
        hint = f"{hint} HOME NAME {stream.hex()}"
    return BundleRefused(kind_of(error), f"bundle refused ({kind_of(error)}): {error}", hint=hint, stream=stream)
