"""Compares a page of ``docs/formats/`` with the code: its tables, its literals in backticks, and its figures.

A module beside this one, named like the page, has ``SAID``: pieces of the page with values of the code put in.
A piece with ``|`` belongs to a table and stands on the page word for word. Of any other piece only the figures and the
literals in backticks are compared: its words tell where a figure is meant, and the page may use others. Each figure
stands on the page as often as the pieces have it, so a figure that no piece has fails as well.
"""

import re
from collections import Counter
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
_LITERAL = re.compile(r"`[^`]+`")
_FIGURE = re.compile(r"0x[0-9A-Fa-f]+|\d+(?:[,.]\d+)*")
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
    """The rows, literals and figures in which ``text`` (from :func:`compared`) and the code differ."""
    pieces = [(piece, 1) if isinstance(piece, str) else piece for piece in said]
    rows = [(piece, times) for piece, times in pieces if "|" in piece]
    sentences = [(piece, times) for piece, times in pieces if "|" not in piece]
    found = [
        f"stands {text.count(piece)} times, not {times}: {piece}"
        for piece, times in rows
        if text.count(piece) != times
    ]
    literals = {literal for piece, _times in sentences for literal in _literals(piece)}
    found += [f"is not on the page: {literal}" for literal in sorted(literals) if literal not in text]
    open_text = NAMES.sub(hidden, text)
    for piece in sorted([*(piece for piece, _times in rows), *literals], key=len, reverse=True):
        masked = NAMES.sub(hidden, piece)
        open_text = open_text.replace(masked, re.sub(r"\d", "_", masked))
    on_the_page = Counter(_FIGURE.findall(open_text))
    in_the_code = Counter[str]()
    for piece, times in sentences:
        rest = NAMES.sub(hidden, piece)
        for literal in _literals(piece):
            rest = rest.replace(NAMES.sub(hidden, literal), "")
        in_the_code += Counter(_FIGURE.findall(rest) * times)
    for figure in sorted(on_the_page | in_the_code):
        if on_the_page[figure] != in_the_code[figure]:
            found.append(
                f"{figure} stands {on_the_page[figure]} times on the page, {in_the_code[figure]} in the code"
            )
    return found


def _literals(piece: str) -> list[str]:
    """The spans in backticks that hold a digit."""
    return [span for span in _LITERAL.findall(piece) if re.search(r"\d", span)]
