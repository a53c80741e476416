"""A picture of a command's terminal output, made by the browser."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from demo.firefox import Firefox
from demo.staff import Screen

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>terminal</title><style>
body {{ margin: 0; background: #16181d; color: #d7dae0; }}
pre {{ margin: 0; padding: 16px 20px; font: 14px/1.45 "DejaVu Sans Mono", monospace; white-space: pre-wrap;
       overflow-wrap: anywhere; }}
b {{ color: #8fd18f; font-weight: normal; }}
</style></head>
<body><pre><b>reviewer$</b> {typed}
{shown}</pre></body></html>
"""


def picture_screens(screens: Sequence[Screen], *, browser_folder: Path, pages: Path, pictures: Path) -> None:
    """Save one picture for each screen into ``pictures``; ``pages`` is a folder for temporary pages."""
    pages.mkdir()
    with Firefox(browser_folder, width=900, height=60) as window:
        for screen in screens:
            page = pages / f"{screen.name}.html"
            page.write_text(_PAGE.format(typed=escape(screen.typed), shown=escape(screen.shown)), encoding="utf-8")
            window.open(page.as_uri())
            number = len(list(pictures.glob("*.png"))) + 1
            window.screenshot(pictures / f"{number:02d}-reviewer-{screen.name}.png")
