"""Add what is missing to the vector books: ``python -m tests.vectors.make``. Nothing that is there is changed.

Each ``make_….py`` beside this file is the maker of one format, and has ``fill()``. Made from nothing, the books in
``DRAWN`` have other bytes: what a key is sealed with is drawn at random (``README.md`` beside this file).
"""

import importlib

from tests.vectors.book import HERE

DRAWN = (
    *("bundle", "casebook_backup", "envelope", "people_file", "relay_copies", "relay_post", "reply"),
    *("sealed_file", "server_backup"),
)
"""Books whose vectors cannot be made again byte for byte; what they say and how they end is the same."""
NO_MAKER = "foreign"
"""Sealed once by other programs."""


def main() -> None:
    for path in sorted(HERE.glob("make_*.py")):
        importlib.import_module(f"tests.vectors.{path.stem}").fill()


if __name__ == "__main__":
    main()
