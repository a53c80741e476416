"""The texts of a tip with its findings marked and numbered, cut to a size that a browser can show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from reviewer.linking.shown_findings import ShownFinding
from reviewer.linking.tip_texts import TipText

WHOLE_LETTERS: Final = 4_000
"""A text up to this length is shown whole. Of a longer one only what is around its findings is shown."""

AROUND_LETTERS: Final = 300


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Untrusted text; with ``label``, the passage of the finding at this place of the list, from 1."""

    text: str = field(repr=False)
    label: int = 0
    is_gap: bool = False
    """True for the dots where letters are left out."""


@dataclass(frozen=True, slots=True)
class MarkedText:
    """One text of a tip; its name is untrusted, and empty for the message."""

    name: str = field(repr=False)
    pieces: Sequence[TextPiece]


def marked_texts(texts: Sequence[TipText], findings: Sequence[ShownFinding]) -> list[MarkedText]:
    """The texts that have a finding, and short ones without.

    A masked passage shows the name of its entity.
    """
    labels = {one.finding.number: label for label, one in enumerate(findings, 1)}
    marked = []
    for text in texts:
        here = sorted(
            (one for one in findings if one.finding.text == text.place), key=lambda one: one.finding.first
        )
        if here or (text.value.strip() and len(text.value) <= WHOLE_LETTERS):
            marked.append(MarkedText(text.name, list(_pieces(text.value, here, labels))))
    return marked


def _pieces(value: str, here: Sequence[ShownFinding], labels: dict[int, int]) -> Iterator[TextPiece]:
    is_whole = len(value) <= WHOLE_LETTERS
    at = 0
    for one in here:
        finding = one.finding
        if finding.first < at:  # it overlaps one that is marked
            continue
        yield from _between(value, at, finding.first, is_whole=is_whole, is_first=at == 0)
        words = one.mask if one.mask is not None else value[finding.first : finding.end]
        yield TextPiece(words, labels[finding.number])
        at = finding.end
    yield from _between(value, at, len(value), is_whole=is_whole, is_first=False, is_last=True)


def _between(
    value: str, first: int, end: int, *, is_whole: bool, is_first: bool, is_last: bool = False
) -> Iterator[TextPiece]:
    if is_whole or end - first <= 2 * AROUND_LETTERS:
        if end > first:
            yield TextPiece(value[first:end])
        return
    if not is_first:
        yield TextPiece(value[first : first + AROUND_LETTERS])
    yield TextPiece("", is_gap=True)
    if not is_last:
        yield TextPiece(value[end - AROUND_LETTERS : end])
