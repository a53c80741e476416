"""How a page is held to the code: every digit in it must stand in a sentence that is built from the code's values.

A module beside this one, named like the page, has ``SAID``: pieces of the page with values of the code put in. Each
piece stands in the page as often as the list says (once, where it is a text alone). A digit that no piece covers
was compared with nothing, and fails as well; so does a piece that the page does not have any more.
"""

import re
from collections.abc import Iterator, Sequence

Said = Sequence[str | tuple[str, int]]

NOT_COMPARED = re.compile(
    "|".join(
        (
            r"## Worked example\n.*?(?=^## |\Z)",  # made by a program, and compared as a whole
            r"(?<=\])\([^)]*\)",  # where a link leads
            r"`(?:crypto|tests|reviewer|tipline|docs)/[\w/….-]*\.\w+`",
            r"^\d+\. ",
        )
    ),
    re.MULTILINE | re.DOTALL,
)
NUMBERED = re.compile(r"\| *(?:step|line)? *\|")
NAMES = re.compile(
    r"(?<![\w-])(?:"
    r"(?:HKDF-|HMAC-)?SHA-256|SHA3-256|SHAKE-256|BLAKE2b(?:-256|-512)?|X?ChaCha20(?:-Poly1305)?|XSalsa20(?:-Poly1305)?"
    r"|Poly1305|X25519|Ed25519|ML-KEM-768|Argon2(?:id)?|UTF-8|[Bb]ase64|[Bb]ech32|argon2|manifest_sha256|log2|[Aa]ge v1"
    r"|`?mlkem768x25519`?|2026-W48|2026-Q4|2026-11-25|2026-12-31"
    r")(?![\w-])"
)
"""Names of algorithms, each in the one form in which it is used, and the day, week and quarter of all examples."""


def compared(page: str) -> str:
    """The page without what is compared elsewhere, its blanks and line ends made one blank each."""
    return re.sub(r"\s+", " ", "\n".join(_without_row_numbers(NOT_COMPARED.sub("", page))))


def _without_row_numbers(page: str) -> Iterator[str]:
    """Tables whose first column has no name, or counts steps or lines, lose what stands in it."""
    numbered = False
    for line in page.splitlines():
        if not line.startswith("|"):
            numbered = False
        elif NUMBERED.match(line):
            numbered = True
        yield re.sub(r"^\|[^|]*\|", "| |", line) if numbered else line


def power(number: int) -> str:
    """A power of two, or one less, as pages write it."""
    less = number & 1
    exponent = (number + less).bit_length() - 1
    assert number + less == 1 << exponent
    return f"2^{exponent}" + " − 1" * less


def hidden(found: "re.Match[str]") -> str:
    return re.sub(r"\d", "_", found[0])


def differences(text: str, said: Said) -> list[str]:
    """What ``text`` (from :func:`compared`) does not say, or says another number of times; then the digits that
    nothing compares."""
    pieces = [(piece, 1) if isinstance(piece, str) else piece for piece in said]
    found = [
        f"stands {text.count(piece)} times, not {times}: {piece}"
        for piece, times in pieces
        if text.count(piece) != times
    ]
    open_text = NAMES.sub(hidden, text)
    for piece, _times in sorted(pieces, key=lambda one: -len(one[0])):
        masked = NAMES.sub(hidden, piece)
        open_text = open_text.replace(masked, re.sub(r"\d", "_", masked))
    found += [
        f"compared with nothing: …{open_text[max(0, at.start() - 30) : at.end() + 30]}…"
        for at in re.finditer(r"\d+", open_text)
    ]
    return found
