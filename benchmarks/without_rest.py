"""A control: a server whose mailboxes rest for no time (``tipline/mailbox/timing_padding.py``).

The program is as it is but for its two constants, in the web process only, which is where it is used.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
_WEB = """#!{python}
import sys
sys.path.insert(0, {root!r})
from tipline.mailbox import timing_padding
from tipline.web import start
timing_padding.OPENING_SECONDS = timing_padding.BUTTON_SECONDS = 0.0
sys.exit(start.main())
"""


def tipline_without_rest(folder: Path) -> Sequence[str]:
    """The command ``tipline``, whose web process lies in ``folder`` and never rests."""
    folder.mkdir(parents=True, exist_ok=True)
    web = folder / "web-without-rest"
    web.write_text(_WEB.format(python=sys.executable, root=str(ROOT)))
    web.chmod(0o700)
    code = (
        "import sys; from types import SimpleNamespace; from tipline import cli; "
        "from tipline.supervisor import web_process; "
        f"web_process.sys = SimpleNamespace(executable={str(web)!r}); sys.exit(cli.main())"
    )
    return [sys.executable, "-c", code]
