"""Precision, recall and F1 of places and dates, by language; prints a table.

Run: ``.venv/bin/python benchmarks/places.py [--misses]``

The texts lie beside this file. The author of the readers wrote them for this measurement on 29 November 2026,
after the rules and before this table. They are few, so a figure of one language says little.
"""

import argparse
import datetime as dt
from collections import Counter
from pathlib import Path

from reviewer.reading.place_readings import place_of
from reviewer.reading.reader import read_text

TEXTS = Path(__file__).parent / "places.tsv"
DAY = dt.date(2026, 11, 29)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--misses", action="store_true", help="also print each text with a fault")
    is_telling = parser.parse_args().misses
    counts: dict[tuple[str, str], Counter[str]] = {}
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        tag, text, places, dates = line.split("\t")
        found = read(text, tag)
        for kind, wanted in (("place", places), ("date", dates)):
            right = Counter(wanted.split(";")) & Counter(found[kind])
            counted = counts.setdefault((kind, tag), Counter())
            counted += Counter(right=right.total(), told=len(wanted.split(";")), found=len(found[kind]))
            counts[kind, tag] = counted
            if is_telling and (right.total() < len(wanted.split(";")) or right.total() < len(found[kind])):
                print(f"{tag} {kind}: {text}\n   told {wanted}\n   read {';'.join(found[kind])}")
    for kind in ("place", "date"):
        for tag in sorted({tag for _, tag in counts}):
            print(row(kind, tag, counts[kind, tag]))
        print(row(kind, "all", sum((one for (name, _), one in counts.items() if name == kind), Counter())))


def read(text: str, tag: str) -> dict[str, list[str]]:
    """The likeliest readings of places and dates of a text."""
    found: dict[str, list[str]] = {"place": [], "date": []}
    for one in read_text(text, day=DAY, language=tag).findings:
        if one.kind in found:
            place = place_of(one.readings[0])
            named = (
                place if isinstance(place, str) else f"{place.name}/{place.country}" if place else one.readings[0]
            )
            found[one.kind].append(named)
    return found


def row(kind: str, tag: str, counted: Counter[str]) -> str:
    """One line of the table."""
    precision = counted["right"] / max(1, counted["found"])
    recall = counted["right"] / max(1, counted["told"])
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return (
        f"{kind:<6} {tag:<8} told {counted['told']:>3}  precision {precision:.2f}  recall {recall:.2f}  F1 {f1:.2f}"
    )


if __name__ == "__main__":
    main()
