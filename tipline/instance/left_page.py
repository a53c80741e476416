"""Which harmless page "Leave now" shows, where the operator names no address.

One page that all tip lines show would be their signature, so each server draws its own when it is made.
"""

import hashlib
import secrets
from typing import Final

LEFT_PAGES: Final = ("tea", "rice", "plants", "bread")


def drawn_line() -> str:
    """The line of ``site.toml`` for a page that is drawn now."""
    return f'left_page = "{secrets.choice(LEFT_PAGES)}"\n'


def left_page(chosen: str, address: str) -> str:
    """The page to show: ``chosen``, or for a server without a choice the one that its ``address`` draws."""
    return chosen or LEFT_PAGES[hashlib.sha256(address.encode()).digest()[0] % len(LEFT_PAGES)]
