"""Pages of ours on a port of this machine, and a stage of the site beside a Firefox that looks at it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from demo.firefox import Firefox
from tests.tipline.site_stage import Stage
from tipline.languages.site_languages import SiteLanguages

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    """Browsers hold connections open that they do not use yet: one thread for each."""

    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Nothing is logged."""


@contextmanager
def served(application: "WSGIApplication") -> Iterator[str]:
    """Its address while the block lasts."""
    with make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Silent) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def served_page(html: bytes) -> AbstractContextManager[str]:
    """One page at every address; pages of others may read it."""

    def answer(_environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html"), ("Access-Control-Allow-Origin", "*")])
        return [html]

    return served(answer)


@dataclass(frozen=True)
class SiteInFirefox:
    """A site of its own, where it answers, and a browser that has not opened it yet."""

    stage: Stage
    address: str
    firefox: Firefox


@contextmanager
def site_in_firefox(
    folder: Path,
    firefox: Firefox,
    *,
    languages: SiteLanguages | None = None,
    width: int = 1280,
    height: int = 900,
) -> Iterator[SiteInFirefox]:
    """The site lies in ``folder``; ``width`` and ``height`` of the page are in CSS pixels."""
    stage = Stage(folder, languages=languages)
    try:
        with served(stage.site.wsgi_app) as address, _of_its_own(firefox):
            firefox.set_viewport(width, height)
            yield SiteInFirefox(stage, address, firefox)
    finally:
        stage.close()


@contextmanager
def _of_its_own(firefox: Firefox) -> Iterator[None]:
    """A tab without what the browser was given before: a cookie of one site of a test would go to the next, as
    cookies belong to a host with all its ports."""
    before, asked = firefox._top, firefox._bidi.call
    jar = asked("browser.createUserContext")["userContext"]
    firefox._top = firefox.page.context = asked("browsingContext.create", type="tab", userContext=jar)["context"]
    try:
        yield
    finally:
        firefox._top = firefox.page.context = before
        asked("browser.removeUserContext", userContext=jar)
        firefox.hosts_asked()


def sticks_out(firefox: Firefox) -> bool:
    """True if anything lies beyond the width of the page."""
    measure = (
        "node => { const root = node.ownerDocument.documentElement; return root.scrollWidth > root.clientWidth; }"
    )
    return bool(firefox.page.run(measure, firefox.page.body()))
