"""Add what is missing to the vector books: ``python -m tests.vectors.make``. Nothing that is there is changed.

Each ``make_….py`` beside this file is the maker of one format, and has ``fill()``.
"""

import importlib

from tests.vectors.book import HERE


def main() -> None:
    for path in sorted(HERE.glob("make_*.py")):
        importlib.import_module(f"tests.vectors.{path.stem}").fill()


if __name__ == "__main__":
    main()
