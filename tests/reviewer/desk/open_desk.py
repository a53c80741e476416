"""The desk in a browser, as its application answers it: for tests that need no browser."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from html import unescape
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from reviewer.desk.session import DeskSession
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.desk.kept_apps import kept_app

HOST = "127.0.0.1:4321"
FORM = "application/x-www-form-urlencoded"
OURS = {"Host": HOST, "Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin", "Content-Type": FORM}
IDLE_SECONDS = 600.0


class OpenDesk:
    """One browser that was let in; ``now`` is the clock, in seconds."""

    def __init__(self, home: Path, *, passphrase_file: Path | None = None) -> None:
        self.now = 0.0
        entry = SecretEntry(str(passphrase_file) if passphrase_file else None)
        self.desk_session = DeskSession(home, entry=entry, idle_seconds=IDLE_SECONDS, clock=lambda: self.now)
        self._open = ExitStack()
        self._open.callback(self.desk_session.close)
        self.app: Flask = self._open.enter_context(kept_app(self.desk_session, host=HOST))
        self.browser = self.other_browser()
        self.come_in(self.browser, self.desk_session.token)

    def close(self) -> None:
        self._open.close()

    def other_browser(self) -> FlaskClient:
        """One that no one has let in."""
        return self.app.test_client()

    @staticmethod
    def come_in(browser: FlaskClient, token: str) -> TestResponse:
        return browser.get(f"/open/{token}", headers={"Host": HOST})

    def get(self, path: str) -> TestResponse:
        return self.browser.get(path, headers={"Host": HOST, "Sec-Fetch-Site": "same-origin"})

    def page(self, path: str) -> str:
        """A page that must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def post(self, path: str, **fields: str | list[str]) -> TestResponse:
        return self.browser.post(path, data=fields, headers=OURS)

    def done(self, path: str, **fields: str) -> str:
        """Press a button and go where it leads; that page."""
        answer = self.post(path, **fields)
        assert answer.status_code == 303, (path, answer.status_code, answer.text)
        return self.page(answer.headers["Location"])

    def parts(self, short_id: str) -> list[str]:
        """The names of the files and answers that the page of a tip offers to delete, in its order."""
        return re.findall(r'<option value="((?:file|answer)-[^"]+)"', self.page(f"/tip/{short_id}"))

    def delete(self, path: str, *, because: str) -> TestResponse:
        """Open the page that asks before a deletion, and press its button."""
        return self.post(path.partition("?")[0], **hidden_fields(self.page(path)), because=because)

    def answer(self, short_id: str, text: str, **fields: str) -> str:
        """Write an answer, look at its preview, and seal it, also where the desk asks once more; the tip's page."""
        sealed = self.try_to_answer(short_id, text, **fields)
        assert sealed.status_code == 303, (sealed.status_code, sealed.text)
        return self.page(sealed.headers["Location"])

    def try_to_answer(self, short_id: str, text: str, **fields: str) -> TestResponse:
        """Write an answer and press *Seal* through its preview; what the desk answers to the last press."""
        shown = self.post(f"/tip/{short_id}/reply", text=text, **fields)
        assert shown.status_code == 200, (shown.status_code, shown.text)
        sealed = self.post(f"/tip/{short_id}/reply/seal", **form_fields(shown.text))
        if sealed.status_code == 200:
            sealed = self.post(f"/tip/{short_id}/reply/seal", **form_fields(sealed.text))
        return sealed


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden fields of a page, each once."""
    return dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', page))


def ticks(page: str, name: str) -> list[str]:
    """The values of the boxes of a form that have this name, in their order."""
    return re.findall(rf'<input type="checkbox" name="{name}" value="([^"]*)"', page)


def form_fields(page: str) -> dict[str, str]:
    """The fields that the form of a preview sends when its button is pressed."""
    hidden = hidden_fields(page)
    text = re.search(r'<textarea name="text" hidden[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert text, page
    return hidden | {"text": unescape(text[1])}


@contextmanager
def open_desk(home: Path, *, passphrase_file: Path | None = None) -> Iterator[OpenDesk]:
    """The desk of a home until the block ends."""
    desk = OpenDesk(home, passphrase_file=passphrase_file)
    try:
        yield desk
    finally:
        desk.close()


def seen(page: str) -> str:
    """The words of a page: without its markup, blanks as one."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())
