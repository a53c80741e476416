"""Nothing overflows: each page, each language, on a telephone and on a desk, in a real Firefox."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from demo.firefox import Firefox
from tests.languages.every_page import TAGS
from tests.languages.served_pages import HEIGHT, WIDTHS, frames
from tests.tipline.pages.named_pages import PAGES

pytestmark = pytest.mark.browser

# What sticks out of the page or of itself, and what a thumb would miss (24 pixels, WCAG 2.5.8). A link in a line of
# text needs no size of its own; what is closed has none.
FAULTS = """node => {
    const found = [];
    const frames = [...node.querySelectorAll('body > iframe')];
    for (const width of %s) for (const frame of frames) {
        frame.width = width;
        const page = frame.contentDocument, root = page.documentElement, at = `${frame.title} at ${width}`;
        const told = (kind, one) =>
            found.push(`${at}: ${kind}: <${one.localName}> ${one.textContent.trim().slice(0, 60)}`);
        if (root.clientWidth !== width) told('of another width', root);
        if (page.body === null || page.title === '') told('nothing there', root);
        for (const closed of page.querySelectorAll('details')) closed.open = true;
        if (root.scrollWidth > root.clientWidth) told('wider than the window', root);
        for (const one of page.querySelectorAll('body *')) {
            const box = one.getBoundingClientRect();
            if (!box.width || !box.height || one.matches('[aria-hidden=true], [aria-hidden=true] *')) continue;
            if (box.left < -1 || box.right > root.clientWidth + 1) told('out of the window', one);
            const style = frame.contentWindow.getComputedStyle(one);
            const scrolls = one.matches('textarea, input, select, pre, iframe') ||
                style.display === 'inline' || style.textOverflow === 'ellipsis';
            if (!scrolls && one.scrollWidth > one.clientWidth + 1) told('its text sticks out', one);
            const pressed = one.matches('button, .leave, summary, .languages a, select');
            if (pressed && box.height < 24) told('too small', one);
        }
    }
    return JSON.stringify(found);
}"""


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("browser"), width=max(WIDTHS), height=HEIGHT) as running:
        yield running


def faults(firefox: Firefox, widths: Sequence[int] = WIDTHS) -> list[str]:
    """In each frame of the page, which is made as wide as each of ``widths`` in turn."""
    found: list[str] = json.loads(firefox.page.run(FAULTS % list(widths), firefox.page.body()))
    return found


@pytest.mark.parametrize("tag", [*TAGS, "qps-ploc"])
def test_nothing_overflows_on_any_page(firefox: Firefox, every_page_at: str, tag: str) -> None:
    firefox.open(f"{every_page_at}/all?lang={tag}")
    assert firefox.count("iframe") == len(PAGES)
    assert not faults(firefox)


@pytest.mark.parametrize(
    ("fault", "page"),
    [
        ("wider than the window", f"<p>{'W' * 200}</p>"),
        ("out of the window", "<p style='margin-left:-50px'>x</p>"),
        ("its text sticks out", f"<div style='overflow:hidden;width:50px'>{'W' * 20}</div>"),
        ("too small", "<button style='height:10px;padding:0;border:0'>x</button>"),
    ],
)
def test_the_check_finds(firefox: Firefox, tmp_path: Path, fault: str, page: str) -> None:
    (tmp_path / "page.html").write_text(f"<!doctype html><title>x</title><body>{page}")
    (tmp_path / "all.html").write_bytes(frames([("page", "page.html")]))
    firefox.open((tmp_path / "all.html").as_uri())
    assert any(fault in told for told in faults(firefox))
