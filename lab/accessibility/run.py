"""Every page in every language through axe, light and dark, on a telephone and on a desk: ``scripts/axe``.

Ends with 1 when axe finds anything at level AA, or misses one on a page that is full of faults.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from demo.firefox import Firefox
from lab.accessibility import axe
from tests.end_to_end.site_in_firefox import served_page
from tests.languages.every_page import TAGS, EveryPage
from tests.languages.served_pages import served
from tests.tipline.pages.named_pages import PAGES
from tipline.languages.site_languages import SiteLanguages

SHORT: Final = ("en", "ar", "bn")
"""English, one that runs from right to left, and one with letters of its own."""

_WINDOWS: Final = ((1280, 900), axe.TELEPHONE)


def main(arguments: Sequence[str] | None = None, *, faulty: bytes = axe.FAULTY) -> int:
    """Look at every page; ``faulty`` is the page with a fault of each kind that axe must find first."""
    parser = argparse.ArgumentParser(
        prog="scripts/axe",
        description=__doc__,
        epilog="example: scripts/axe ur th",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "tags", nargs="*", metavar="LANGUAGE", help=f"of {', '.join(TAGS)}; all where none is named"
    )
    parser.add_argument("--short", action="store_true", help=f"only {', '.join(SHORT)}, as the tests do")
    options = parser.parse_args(arguments)
    tags = options.tags or (SHORT if options.short else TAGS)
    if unknown := set(tags) - set(TAGS):
        parser.error(f"no page speaks {min(unknown)}")
    faults = 0
    with tempfile.TemporaryDirectory(prefix="axe-") as name, ExitStack() as running:
        for part in ("site", "browser"):
            (Path(name) / part).mkdir()
        every_page = EveryPage(Path(name) / "site", SiteLanguages.load())
        running.callback(every_page.close)
        address = running.enter_context(served(every_page))
        firefox = running.enter_context(Firefox(Path(name) / "browser", scripts=True))
        firefox.open(f"{address}/start?lang=en")
        axe.begin(firefox)
        if missed := _missed(firefox, faulty):
            named = ", ".join(sorted(missed))
            print(f"scripts/axe: error: axe misses faults that are there: {named}", file=sys.stderr)
            return 1
        for tag in tags:
            begun = time.monotonic()
            found = faults_in(firefox, [f"{address}/{page}?lang={tag}" for page in PAGES])
            faults += len(found)
            print(
                f"{tag:8} {len(PAGES)} pages, {time.monotonic() - begun:3.0f} s: {len(found) or 'no'} faults",
                flush=True,
            )
            for fault in found:
                print(f"    {fault.removeprefix(address)}", flush=True)
    print(f"\nfaults that axe finds at level AA: {faults}")
    return int(faults > 0)


def _missed(firefox: Firefox, page: bytes) -> set[str]:
    """The rules that a page breaks on purpose and that axe does not name."""
    with served_page(page) as faulty:
        return axe.missed_in(axe.faults_of(firefox, [faulty]).get(faulty, []))


def faults_in(firefox: Firefox, pages: Sequence[str]) -> list[str]:
    """Each as ``page, window, light or dark: rule: element``. All rules once; those that depend on how a page looks
    in every window, light and dark."""
    found = []
    for width, height in _WINDOWS:
        firefox.set_viewport(width, height)
        for dark in (False, True):
            rules = axe.ALL if (width, dark) == (_WINDOWS[0][0], False) else axe.LOOKS
            look = f"{width} pixels, {'dark' if dark else 'light'}"
            for page, faults in axe.faults_of(firefox, pages, rules=rules, dark=dark).items():
                found += [f"{page}, {look}: {fault}" for fault in faults]
    return found


if __name__ == "__main__":
    sys.exit(main())
