"""A site whose address belongs to no one."""

import json
from pathlib import Path

from outreach.public_site import Number, PublicSite

ADDRESS = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion"
SITE = PublicSite(ADDRESS, (Number("Europe, India", "112"), Number("United Kingdom", "999")))


def write_site_file(folder: Path) -> Path:
    """As ``tipline status --json`` prints it, with more than is needed."""
    path = folder / "SITE.json"
    table = {
        "onion_address": ADDRESS,
        "leave_url": "",
        "emergency_numbers": [{"place": one.place, "number": one.number, "silent": ""} for one in SITE.numbers],
        "waiting": "1-9",
    }
    path.write_text(json.dumps(table), encoding="utf-8")
    return path
