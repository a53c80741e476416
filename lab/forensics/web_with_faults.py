"""A web process in which one step fails when it is told to, with an exception that nothing expects.

The program is as it is; some of its functions are called by way of ours, which raise after them, or before what
they give is used, holding what a source wrote. ``MadeToFail`` starts it and says which step is to fail.
"""

import functools
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

_ROOT: Final = Path(__file__).parents[2]
_PROGRAM: Final = """#!{python}
import sys
sys.path.insert(0, {root!r})
from lab.forensics.web_with_faults import main
sys.exit(main({told!r}))
"""


class AFault(Exception):
    """For a test."""


class MadeToFail:
    """``program`` is started in place of Python by what serves; its files are in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._told = folder / "step-that-fails"
        self._told.touch()
        self.program = folder / "web-with-faults"
        self.program.write_text(_PROGRAM.format(python=sys.executable, root=str(_ROOT), told=str(self._told)))
        self.program.chmod(0o700)

    def front(self) -> list[str]:
        """The command `tipline`, whose web process is ours."""
        code = (
            "import sys; from types import SimpleNamespace; from tipline import cli; "
            "from tipline.supervisor import web_process; "
            f"web_process.sys = SimpleNamespace(executable={str(self.program)!r}); sys.exit(cli.main())"
        )
        return [sys.executable, "-c", code]

    @contextmanager
    def failing(self, step: str) -> Iterator[None]:
        """This step fails the first time that it is come to while the block lasts."""
        self._told.write_text(f"{step}\n{secrets.token_hex(4)}")
        try:
            yield
        finally:
            self._told.write_text("")


class _Faults:
    def __init__(self, told: str) -> None:
        # Opened before the worker is there: later the kernel lets it open no file outside of its folder.
        self._told = os.open(told, os.O_RDONLY)
        self._last = ""

    def fail(self, step: str) -> None:
        """Once each time that this step is told.

        Raises:
            AFault: it is.
        """
        told = os.pread(self._told, 200, 0).decode()
        if told.startswith(f"{step}\n") and told != self._last:
            self._last = told
            raise AFault

    def after(self, step: str, does: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(does)
        def failing(*arguments: Any, **named: Any) -> Any:
            done = does(*arguments, **named)
            self.fail(step)
            return done

        return failing

    def parts(self, does: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        """Fails at the first piece of a file, when all that stands before it was read."""

        def failing(body: Any) -> Iterator[Any]:
            from tipline.requests.form_parser import FileHead, PartData

            in_file = False
            for part in does(body):
                if in_file and isinstance(part, PartData):
                    self.fail("a form is read")
                in_file = in_file or isinstance(part, FileHead)
                yield part

        return failing


def main(told: str) -> int:
    """The web process, with our functions before its own."""
    from tipline.intake import passphrase_pool, unfinished_submission, upload
    from tipline.mailbox import service
    from tipline.pages.views import page
    from tipline.web import start

    faults = _Faults(told)
    upload.parts_of = faults.parts(upload.parts_of)
    page.render_template = faults.after("a page is rendered", page.render_template)
    service.open_mailbox = faults.after("words are derived", service.open_mailbox)
    passphrase_pool.PassphrasePool.take = faults.after("words are taken", passphrase_pool.PassphrasePool.take)  # type: ignore[method-assign]
    writer = unfinished_submission.SubmissionWriter
    writer.data = faults.after("it is sealed", writer.data)  # type: ignore[method-assign]
    return start.main()
