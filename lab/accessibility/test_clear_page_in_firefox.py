"""The clear page as an ordinary web server hands it out, in a real Firefox."""

import functools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from demo.firefox import Firefox
from lab.accessibility import axe
from outreach.clear_page import STYLE, clear_page
from outreach.sentences import TAGS, sentences
from tests.end_to_end.site_in_firefox import sticks_out
from tests.outreach.example_site import ADDRESS, SITE

pytestmark = pytest.mark.browser


@dataclass
class WebSite:
    """An ordinary web site, and the headers with which each path was asked for."""

    address: str = ""
    asked: dict[str, dict[str, str]] = field(default_factory=dict)


class _Files(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: object, site: WebSite, **named: object) -> None:
        self._site = site
        super().__init__(*arguments, **named)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self._site.asked[self.path] = dict(self.headers)
        super().do_GET()

    def log_message(self, *_arguments: object) -> None:
        """Nothing is logged."""


@pytest.fixture(scope="module")
def web_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSite]:
    folder, site = tmp_path_factory.mktemp("web"), WebSite()
    handler = functools.partial(_Files, directory=str(folder), site=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        site.address = f"http://127.0.0.1:{server.server_port}"
        write_pages(folder, leave_url=f"{site.address}/left.html")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


def write_pages(folder: Path, *, leave_url: str) -> None:
    every = [sentences(tag) for tag in TAGS]
    for language in every:
        place = folder / language.tag
        place.mkdir()
        others = [one for one in every if one is not language]
        page = clear_page(replace(SITE, leave_url=leave_url), language, others)
        (place / "index.html").write_text(page, encoding="utf-8")
        (place / "style.css").write_text(STYLE, encoding="utf-8")
    (folder / "left.html").write_text("<!doctype html><title>Tea</title><p>Tea</p>", encoding="utf-8")


@pytest.fixture(scope="module")
def safest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("safest"), width=320, height=568) as started:
        yield started


def test_every_language_fits_320_pixels_and_asks_nobody_else(safest: Firefox, web_site: WebSite) -> None:
    safest.hosts_asked()
    wide = []
    for tag in TAGS:
        safest.open(f"{web_site.address}/{tag}/index.html")
        wide += [tag] if sticks_out(safest) else []
        assert safest.attribute("html", "lang") == tag
    assert wide == []
    assert safest.hosts_asked() - {"data"} == {"127.0.0.1"}
    assert web_site.asked["/en/style.css"]


def test_leave_now_and_a_link_to_another_language_send_no_referer(safest: Firefox, web_site: WebSite) -> None:
    safest.open(f"{web_site.address}/en/index.html")
    safest.press("nav a[hreflang=es]")
    safest.press("a.leave")
    assert safest.text() == "Tea"
    for path in ("/es/index.html", "/es/style.css", "/left.html"):
        assert "Referer" not in web_site.asked[path]


def test_the_address_is_shown_in_groups_and_holds_no_spaces_to_copy(safest: Firefox, web_site: WebSite) -> None:
    safest.open(f"{web_site.address}/ar/index.html")
    assert safest.page.run("node => node.textContent", safest.page.find(".address")) == ADDRESS
    assert safest.count(".address span") == len(SITE.groups())


@pytest.mark.parametrize("tag", ["en", "ar", "zh-Hans"])
def test_axe_finds_nothing(web_site: WebSite, with_scripts: Firefox, tag: str) -> None:
    with_scripts.open(f"{web_site.address}/{tag}/index.html")
    assert axe.faults(with_scripts) == []


@pytest.fixture(scope="module")
def with_scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """For the tester's tool; the page has no script."""
    with Firefox(tmp_path_factory.mktemp("scripts"), scripts=True) as started:
        yield started
