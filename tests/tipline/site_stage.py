"""A whole web side over a real store and really signed keys, visited at the WSGI seam by a browser of few words."""

import datetime as dt
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from crypto.keys.party import PartyKeys
from crypto.passphrases.mailbox import MailboxAddress, SiteDerivation
from crypto.passphrases.passphrase import Passphrase
from crypto.questions.builtin_questionnaires import builtin_files, read_questionnaire
from crypto.submissions.reply import seal_reply
from crypto.submissions.submission import Head, Opened, open_submission
from tests.organisation import TODAY, FixedClock, Organisation
from tipline.bundles.manifest_update import adopt_run
from tipline.instance.folder import SiteFolder
from tipline.instance.forms import Forms
from tipline.instance.identity import Identity
from tipline.instance.intake_status import IntakePolicy
from tipline.instance.site_settings import SiteSettings
from tipline.instance.site_texts import SiteTexts
from tipline.languages.site_languages import SiteLanguages
from tipline.limits import request_scheduler
from tipline.limits.rate_limit import RateLimit
from tipline.mailbox.timing_padding import TimingPadding
from tipline.pages.site import Site
from tipline.store import Store

HOST = "example.onion"
BOUNDARY = "----aboundaryforthetests"


@dataclass
class Answer:
    """The answer of the site."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        return unescape(self.body.decode())

    def header(self, name: str) -> str | None:
        found = [value for known, value in self.headers if known.lower() == name.lower()]
        assert len(found) <= 1
        return found[0] if found else None

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.body.decode())
        assert found, f"no hidden field {name}"
        return found[1]

    def form_nonce(self, action: str) -> str:
        """Of the form with this action, or of the one to which a button with this action belongs."""
        if f' formaction="{action}' in self.body.decode():
            return self.hidden("nonce")
        field = r'<input type="hidden" name="nonce" value="(\w+)"'
        found = re.search(rf'action="{re.escape(action)}[^>]*>\s*{field}', self.body.decode())
        assert found, f"no form for {action}"
        return found[1]

    @property
    def words(self) -> str:
        found = re.search(r"<p[^>]* data-passphrase [^>]*>(.*?)</p>", self.body.decode(), re.DOTALL)
        return re.sub(r"<[^>]+>", "", found[1]) if found else ""

    @property
    def digits(self) -> list[str]:
        found = re.search(r"<p[^>]* data-passphrase-digits [^>]*>(.*?)</p>", self.body.decode(), re.DOTALL)
        return re.sub(r"<[^>]+>", " ", found[1]).split() if found else []

    @property
    def heading(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.body.decode(), re.DOTALL)
        return unescape(found[1]) if found else ""


@dataclass
class Upload:
    """A file as a browser sends it."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"


def multipart(fields: Sequence[tuple[str, str]], files: Sequence[Upload] = ()) -> bytes:
    """A body as browsers build it, fields first."""
    pieces = []
    for name, value in fields:
        pieces.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for upload in files:
        name = upload.name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        head += f"Content-Type: {upload.media_type}\r\n\r\n"
        pieces.append(head.encode() + upload.content + b"\r\n")
    return b"".join(pieces) + f"--{BOUNDARY}--\r\n".encode()


class Browser:
    """Sends requests, keeps cookies, believes nothing."""

    def __init__(self, app: Any, host: str = HOST) -> None:
        self._app = app
        self._host = host
        self.cookies: dict[str, str] = {}
        self.address = ""

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        content_type: str = "",
        headers: dict[str, str] | None = None,
        length: int | None = None,
        source: Any = None,
        wrap: Callable[[bytes], Any] = io.BytesIO,
        own_site: bool = True,
    ) -> Answer:
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": self._host,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self._host,
            "REMOTE_ADDR": self.address,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": source if source is not None else wrap(body),
            "wsgi.input_terminated": True,
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        if method not in {"GET", "HEAD"}:
            environ["CONTENT_LENGTH"] = str(len(body) if length is None else length)
            environ["CONTENT_TYPE"] = content_type
            if own_site:
                environ["HTTP_SEC_FETCH_SITE"] = "same-origin"
        if self.cookies:
            environ["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        environ.update(headers or {})
        seen: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, sent: list[tuple[str, str]], exc_info: object = None) -> Any:
            seen.append((status, sent))
            return None

        result: Iterable[bytes] = self._app(environ, start_response)
        try:
            content = b"".join(result)
        finally:
            if hasattr(result, "close"):
                result.close()
        status, sent = seen[-1]
        answer = Answer(int(status.split()[0]), sent, content)
        for name, value in sent:
            if name.lower() == "set-cookie":
                cookie, _, rest = value.partition(";")
                key, _, worth = cookie.partition("=")
                if "Max-Age=0" in rest:
                    self.cookies.pop(key, None)
                else:
                    self.cookies[key] = worth
        return answer

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def upload(
        self, path: str, fields: Sequence[tuple[str, str]], files: Sequence[Upload] = (), **more: Any
    ) -> Answer:
        return self.ask(
            "POST",
            path,
            multipart(fields, files),
            content_type=f"multipart/form-data; boundary={BOUNDARY}",
            **more,
        )

    def post(self, path: str, fields: Sequence[tuple[str, str]], **more: Any) -> Answer:
        return self.ask(
            "POST", path, urlencode(fields).encode(), content_type="application/x-www-form-urlencoded", **more
        )

    def send_tip(self, text: str = "", files: Sequence[Upload] = (), *, nonce: str = "", **more: Any) -> Answer:
        nonce = nonce or self.get("/").hidden("nonce")
        return self.upload("/", [("nonce", nonce), ("text", text)], files, **more)

    def open_mailbox(self, words: str) -> Answer:
        return self.post("/mailbox", [("passphrase", words)])


@dataclass
class Read:
    """A submission as a reviewer would read it."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, str, bytes]] = field(default_factory=list)
    opened: Opened | None = None

    def field(self, name: str, value: str) -> None:
        self.fields.append((name, value))

    def begin_file(self, name: str, media_type: str) -> None:
        self.files.append((name, media_type, b""))

    def data(self, piece: bytes) -> None:
        name, media_type, content = self.files[-1]
        self.files[-1] = (name, media_type, content + piece)

    def end_file(self, sha256: bytes) -> None:
        assert hashlib.sha256(self.files[-1][2]).digest() == sha256

    @property
    def text(self) -> str:
        return dict(self.fields).get("text", "")

    @property
    def mailbox(self) -> MailboxAddress:
        assert self.opened is not None
        assert self.opened.mailbox is not None
        return self.opened.mailbox


SHIPPED_FORMS = Forms([read_questionnaire(builtin_files()[name]) for name in ("help", "saw", "work", "voice")])


class CountingStanding(IntakePolicy):
    """Counts how often someone asked how to derive: no one derives without asking.

    A derivation costs next to nothing here, where no manifest could have it: each tip would take a tenth of a
    second of a processor and 64 MiB. Tests of whole servers derive at the real costs.
    """

    asked = 0

    def derivation(self) -> SiteDerivation:
        self.asked += 1
        return replace(super().derivation(), memory_kib=8, passes=1)


@cache
def _founded() -> tuple[Organisation, PartyKeys]:
    """An organisation that has issued its first manifest, and its server: to make keys takes most of the time."""
    organisation, server = Organisation(), PartyKeys.generate("server-1")
    organisation.issue(server.party())
    return organisation, server


class Stage:
    """One server of one organisation, and the keys that open what it received."""

    def __init__(
        self,
        path: Path,
        settings: SiteSettings | None = None,
        languages: SiteLanguages | None = None,
        doors: Forms | None = None,
        words: SiteTexts | None = None,
        address: str = "",
        line: RateLimit | None = None,
        seconds: Callable[[], float] | None = None,
        padding: TimingPadding | None = None,
        store_class: Callable[..., Store] = Store,
    ) -> None:
        """``seconds``: the clock of the site, else one that stands still but for :attr:`seconds_later`."""
        self.path = path
        self.clock = FixedClock()
        self.seconds_later = 0.0
        organisation, self.server = _founded()
        self.organisation = organisation.as_it_is()
        self.store = store_class(
            path, bytes(32), create=True, clock=self.clock, reserve_bytes=0, waits=request_scheduler.yielded
        )
        Identity(self.server, self.organisation.root.verify_key()).keep(self.store)
        folder = SiteFolder(path)
        self.policy = CountingStanding(self.store, folder, self.clock)
        adopt_run(self.organisation.run(), store=self.store, folder=folder, policy=self.policy, clock=self.clock)
        self.settings = settings or SiteSettings()
        self.site = Site(
            self.store,
            self.policy,
            settings=self.settings,
            clock=self.clock,
            languages=languages,
            forms=SHIPPED_FORMS if doors is None else doors,
            texts=words,
            address=address,
            line=line,
            seconds=seconds or (lambda: self.seconds_later),
            padding=padding,
        )
        self._host = address or HOST
        self.browser = self.other_browser()
        self.replies_sent = 0

    def other_browser(self) -> Browser:
        return Browser(self.site.wsgi_app, self._host)

    def read_all(self) -> list[Read]:
        """Everything that was received, opened by the organisation's keys."""
        keys = [key for week in self.organisation.intake.values() for key in week]

        def known_week(head: Head) -> None:
            assert head.week in self.organisation.intake

        found = []
        for stored in self.store.submissions.waiting():
            read = Read()
            source = io.BytesIO(b"".join(self.store.submissions.pieces(stored.submission)))
            read.opened = open_submission(source, keys=keys, into=read, expect=known_week)
            found.append(read)
        return found

    def read_one(self) -> Read:
        (only,) = self.read_all()
        return only

    def reply(self, text: str, to: MailboxAddress, *, day: dt.date = TODAY) -> None:
        """A reply of staff; each has the next number."""
        self.replies_sent += 1
        row = seal_reply(text, to=to, day=day, number=self.replies_sent)
        self.store.replies.put(row.reply_id, row.salt, row.tag, row.envelope, TODAY)

    def close(self) -> None:
        self.store.close()


# Fixed, where a test changes a word: one change in 7,772 would pass the check.
KNOWN_WORDS = "mystified nickname booting settle robust support studio spyglass"


def well_formed_words() -> str:
    return " ".join(Passphrase.generate().words)
