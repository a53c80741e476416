"""Names of lots and places in one spelling: GS1 Digital Links, EPC URNs, and names of a company's own.

A lot that one file names by a web address and another by a URN gets one key, so that a trace goes through both.
"""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from reviewer.supply.application_identifiers import is_checked
from reviewer.supply.digital_link import BadLink, parse_digital_link

_CACHED: Final = 1 << 16
_ADDRESS: Final = re.compile("https?://", re.IGNORECASE)
_CLASS_URN: Final = re.compile(r"urn:epc:(?:class:lgtin|id:sgtin):([0-9]+)\.([0-9]+)\.(.+)", re.IGNORECASE)
_SSCC_URN: Final = re.compile(r"urn:epc:id:sscc:([0-9]+)\.([0-9]+)", re.IGNORECASE)
_PLACE_URN: Final = re.compile(r"urn:epc:id:sgln:([0-9]+)\.([0-9]*)\..*", re.IGNORECASE)
_GLN: Final = re.compile("[0-9]{13}")
_COMPANY_AND_ITEM, _COMPANY_AND_SERIAL, _COMPANY_AND_PLACE = 13, 17, 12


@lru_cache(maxsize=_CACHED)
def lot_key(text: str) -> str:
    """The key of a lot or a single item; two names of one lot that GS1 defines have one key."""
    plain = text.strip()
    if _ADDRESS.match(plain):
        try:
            link = parse_digital_link(plain)
        except BadLink:
            return plain
        if link.gtin:
            parts = [f"01/{link.gtin}"]
            parts += [f"10/{link.lot}"] if link.lot else []
            parts += [f"21/{link.serial}"] if link.serial else []
            return "/".join(parts)
        return f"00/{link.sscc}" if link.sscc else plain
    if found := _CLASS_URN.fullmatch(plain):
        company, item, last = found.groups()
        if item and len(company) + len(item) == _COMPANY_AND_ITEM:
            digits = item[0] + company + item[1:]
            which = "10" if ":class:" in plain.lower() else "21"
            return f"01/{digits}{check_digit(digits)}/{which}/{unquote(last)}"
    if (found := _SSCC_URN.fullmatch(plain)) and len("".join(found.groups())) == _COMPANY_AND_SERIAL:
        company, serial = found.groups()
        digits = serial[0] + company + serial[1:]
        return f"00/{digits}{check_digit(digits)}"
    return plain


def place_gln(text: str) -> str:
    """The GLN of a place that is named by a GLN, a Digital Link or an EPC URN; else nothing."""
    plain = text.strip()
    if _GLN.fullmatch(plain):
        return plain if is_checked(plain) else ""
    if _ADDRESS.match(plain):
        try:
            return parse_digital_link(plain).gln or ""
        except BadLink:
            return ""
    if (found := _PLACE_URN.fullmatch(plain)) and len("".join(found.groups())) == _COMPANY_AND_PLACE:
        digits = "".join(found.groups())
        return f"{digits}{check_digit(digits)}"
    return ""


def check_digit(digits: str) -> str:
    """The check digit of GS1 behind these digits."""
    # The last digit weighs three, the one before it one, and so on.
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)
