"""Sources who write to one server, through all of the site but its sockets, in a process that can be killed.

`python -m lab.soak.submitter SITE PASSPHRASE_FILE NAME COUNT` prints the text of each whose receipt was shown.
"""

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from lab.soak.ledger import Content
from tests.tipline.site_stage import Browser, Upload
from tipline.instance.open_site import open_site
from tipline.instance.site_settings import SiteSettings
from tipline.pages.site import Site

_AT_ONCE: Final = 3
_FILES: Final = (0, 1, 65_536, 200_000)


def written(name: str, number: int) -> tuple[str, list[Upload]]:
    """The message that the source of this number sends; the same in every process."""
    rng = random.Random(f"{name} {number}")
    count = rng.choices((0, 1, 2), (80, 15, 5))[0]
    uploads = [Upload(f"{place}.bin", rng.randbytes(rng.choice(_FILES))) for place in range(count)]
    return f"{name}, number {number}. " + "What I saw. " * rng.choice((0, 3, 300)), uploads


def content(name: str, number: int) -> Content:
    text, uploads = written(name, number)
    return Content.of(text, uploads)


def main(site_folder: str, passphrase_file: str, name: str, count: str) -> int:
    """0 when every one has a receipt."""
    with open_site(Path(site_folder), passphrase_file) as opened, opened.folder.hold_for_serving():
        opened.store.submissions.sweep_unfinished()
        site = Site(opened.store, opened.policy, settings=SiteSettings())
        site.start()
        try:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                shown = list(pool.map(lambda number: _send(site, name, number), range(int(count))))
        finally:
            site.stop()
    return 0 if all(shown) else 1


def _send(site: Site, name: str, number: int) -> bool:
    text, uploads = written(name, number)
    browser = Browser(site.wsgi_app)
    browser.address = f"fc00:dead:beef:4dad::0:{number:x}"
    answer = browser.send_tip(text, uploads)
    if not answer.words:
        print(f"no receipt at status {answer.status}", file=sys.stderr)
        return False
    # One write: `print` writes the end of the line apart, and another thread's number between.
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()
    return True


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
