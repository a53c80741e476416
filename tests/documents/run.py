"""``scripts/documents``: writes every page, and every part of a page, that is made from data."""

import argparse
import sys

from tests.documents.claims import PAGE, page_of, read_groups
from tests.documents.quotes import fill_all


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/documents", description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", action="store_true", help="also take the pictures of pages, in Firefox")
    wanted = parser.parse_args(arguments)
    PAGE.write_text(page_of(read_groups()), encoding="utf-8")
    for page in [PAGE, *fill_all()]:
        print(f"written {page}")
    if wanted.pictures:
        from tests.documents.pictures import take_pictures  # here: everything else needs no browser

        for picture in take_pictures():
            print(f"written {picture}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
