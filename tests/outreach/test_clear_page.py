"""The clear page: what it says, and what it never does."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from outreach.clear_page import STYLE, clear_page, language_list
from outreach.header_snippets import header_snippets
from outreach.public_site import Number, PublicSite
from outreach.sentences import TAGS, Sentences, sentences
from tests.languages.test_every_page import TELLING
from tests.outreach.example_site import ADDRESS, SITE

MOST_BYTES = 30 * 1024
FETCHING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "manifest"}


class Outline(HTMLParser):
    """Every element with its attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def others_of(tag: str) -> list[Sentences]:
    return [sentences(one) for one in TAGS if one != tag]


def page(tag: str, site: PublicSite = SITE) -> str:
    return clear_page(site, sentences(tag), others_of(tag))


EVERY_PAGE = pytest.mark.parametrize("tag", TAGS)


@EVERY_PAGE
def test_a_page_has_no_script_and_fetches_nothing_from_elsewhere(tag: str) -> None:
    outline = Outline(page(tag))
    names = {name for name, _ in outline.elements}
    assert not names & {
        "script",
        "iframe",
        "frame",
        "img",
        "object",
        "embed",
        "form",
        "audio",
        "video",
        "svg",
        "style",
    }
    for _, attributes in outline.elements:
        assert not FETCHING & set(attributes)
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
    assert [link["href"] for link in outline.all("link")] == ["data:,", "style.css"]
    assert not re.search(r"url\(|@import|@font-face", STYLE)


@EVERY_PAGE
def test_a_page_sends_no_referer_and_names_the_onion_site_to_tor_browser(tag: str) -> None:
    metas = Outline(page(tag)).all("meta")
    assert {"name": "referrer", "content": "no-referrer"} in metas
    assert {"http-equiv": "onion-location", "content": f"http://{ADDRESS}/"} in metas
    [policy] = [one["content"] for one in metas if one.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")


@EVERY_PAGE
def test_a_page_with_its_style_weighs_at_most_30_kib(tag: str) -> None:
    assert len(page(tag).encode()) + len(STYLE.encode()) <= MOST_BYTES


@EVERY_PAGE
def test_the_title_tells_nothing_over_a_shoulder(tag: str) -> None:
    [title] = re.findall(r"<title>(.+)</title>", page(tag))
    assert title == sentences(tag).page("title")
    assert not re.search(rf"{TELLING[tag]}|\btor\b|onion", title, re.IGNORECASE)


@EVERY_PAGE
def test_leave_is_the_first_link_and_no_link_opens_the_onion_site_in_an_ordinary_browser(tag: str) -> None:
    links = Outline(page(tag)).all("a")
    assert links[0] == {"class": "leave", "href": SITE.leave_url, "rel": "noreferrer"}
    assert {urlsplit(link["href"]).netloc for link in links[1:]} <= {""}
    assert ADDRESS not in "".join(link["href"] for link in links)


@EVERY_PAGE
def test_a_page_says_every_sentence_and_the_whole_address(tag: str) -> None:
    language = sentences(tag)
    outline = Outline(page(tag))
    shown = re.sub(r"\s+", "", outline.text)
    said = set(language._tables["page"]) - {"languages"}
    assert [name for name in said if re.sub(r"\s+", "", language.page(name)) not in shown] == []
    assert ADDRESS in shown
    for number in SITE.numbers:
        assert number.number in shown


def test_without_numbers_of_the_operator_nobody_is_told_to_call() -> None:
    html = page("en", PublicSite(ADDRESS))
    assert sentences("en").page("no_tor") not in html


def test_what_an_operator_wrote_is_shown_as_text() -> None:
    html = page("en", PublicSite(ADDRESS, (Number("<b>here</b>", "1&2"),)))
    assert "&lt;b&gt;here&lt;/b&gt;" in html
    assert "1&amp;2" in html


def test_the_folder_itself_lists_the_languages_and_nothing_else() -> None:
    outline = Outline(language_list(SITE, [sentences(tag) for tag in TAGS]))
    assert [link["href"] for link in outline.all("a")][1:] == [f"{tag}/index.html" for tag in TAGS]


@pytest.mark.parametrize("server", ["nginx.conf", "apache.conf", "Caddyfile"])
def test_the_lines_for_a_web_server_set_each_header_once(server: str) -> None:
    lines = header_snippets(SITE)[server]
    for name, value in (("Onion-Location", f"http://{ADDRESS}/"), ("Referrer-Policy", "no-referrer")):
        assert re.findall(rf'\b{name} "([^"]*)"', lines) == [value]
    assert "frame-ancestors 'none'" in lines
