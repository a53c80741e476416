"""The operator's own words: Markdown of the plainest kind, refused whole where it is anything else."""

from pathlib import Path

import pytest

from tests.tipline.site_stage import Stage
from tipline.instance.site_texts import MOST_BYTES, SiteTextError, SiteTexts, Slot, render, render_line
from tipline.pages.padding import PageTooLong

TAGS = {"en", "ar", "es"}


def _load(folder: Path) -> SiteTexts:
    return SiteTexts.load(folder, tags=TAGS, otherwise="en")


def test_paragraphs_lists_headings_and_emphasis_become_html() -> None:
    text = "## Hello\n\nWe are **here**, *always*.\nCome in.\n\n- one\n- two\n\n1. first\n"
    assert render(text, name="welcome.en.md") == (
        "<h2>Hello</h2>\n<p>We are <strong>here</strong>, <em>always</em>.\nCome in.</p>\n"
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<ol>\n<li>first</li>\n</ol>\n"
    )


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("fine\n\n<b>bold</b>", 3, "HTML"),
        ("<script>alert(1)</script>", 1, "HTML"),
        ("fine\n[here](https://news.example/)", 2, "link"),
        ("<https://news.example/>", 1, "link"),
        ("one\n\ntwo\n![x](y.png)", 4, "picture"),
        ("# Too large", 1, "headings"),
        ("#### Too small", 1, "headings"),
        ("fine\n\n    four blanks", 3, "code"),
        ("`x`", 1, "code"),
        ("```\nx\n```", 1, "code"),
        ("> said", 1, "quotation"),
        ("fine\n\n---\n", 3, "line across"),
        ("fine\nand **never closed", 2, "other half"),
        ("closed* never opened", 1, "other half"),
        ("_half", 1, "other half"),
    ],
)
def test_anything_else_is_refused_with_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(SiteTextError, match=what) as refused:
        render(text, name="hours.en.md")
    assert f"hours.en.md, line {line}:" in str(refused.value)


def test_signs_that_are_no_markup_stay_what_they_are() -> None:
    assert render("2 * 3 < 7 & snake_case", name="x") == "<p>2 * 3 &lt; 7 &amp; snake_case</p>\n"


def test_no_folder_means_no_words(tmp_path: Path) -> None:
    assert _load(tmp_path / "words").find(Slot.WELCOME, "en") is None


def test_a_reader_gets_their_language_else_the_main_one_else_any(tmp_path: Path) -> None:
    (tmp_path / "welcome.en.md").write_text("Hello", encoding="utf-8")
    (tmp_path / "welcome.ar.md").write_text("مرحبا", encoding="utf-8")
    (tmp_path / "privacy.es.md").write_text("Nada", encoding="utf-8")
    words = _load(tmp_path)
    found = [
        words.find(slot, tag) for slot, tag in ((Slot.WELCOME, "ar"), (Slot.WELCOME, "es"), (Slot.PRIVACY, "ar"))
    ]
    assert [(one.tag, str(one.html)) for one in found if one] == [
        ("ar", "<p>مرحبا</p>\n"),
        ("en", "<p>Hello</p>\n"),
        ("es", "<p>Nada</p>\n"),
    ]
    assert words.find(Slot.HOURS, "en") is None


@pytest.mark.parametrize("name", ["welcome.md", "greeting.en.md", "welcome.xx.md", "welcome.en.txt"])
def test_a_file_of_another_name_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Hello", encoding="utf-8")
    with pytest.raises(SiteTextError, match=name):
        _load(tmp_path)


@pytest.mark.parametrize("raw", [b"\xff", b"  \n", b"x" * (MOST_BYTES + 1)])
def test_a_file_that_cannot_be_shown_is_refused_by_name(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "hours.en.md").write_bytes(raw)
    with pytest.raises(SiteTextError, match=r"words/hours\.en\.md must"):
        _load(tmp_path)


def test_a_file_at_the_limit_is_shown(tmp_path: Path) -> None:
    (tmp_path / "hours.en.md").write_bytes(b"x" * MOST_BYTES)
    assert _load(tmp_path).find(Slot.HOURS, "en") is not None


def test_a_hidden_file_of_an_editor_is_no_words(tmp_path: Path) -> None:
    (tmp_path / ".welcome.en.md.swp").write_bytes(b"\xff")
    assert _load(tmp_path).find(Slot.WELCOME, "en") is None


def test_opening_hours_are_one_sentence_that_stands_inside_ours() -> None:
    assert render_line("We read on *Mondays*.", name="hours.en.md") == "We read on <em>Mondays</em>."
    for text in ("One.\n\nTwo.", "- a\n- b", "## Hours"):
        with pytest.raises(SiteTextError, match="one paragraph"):
            render_line(text, name="hours.en.md")


def test_the_site_shows_the_words_in_their_places_and_says_their_language(tmp_path: Path) -> None:
    folder = tmp_path / "words"
    folder.mkdir()
    for name, text in {
        "welcome.es.md": "Bienvenida",
        "hours.en.md": "We read on **Mondays**.",
        "emergency.en.md": "The harbour office is open at night.",
        "privacy.en.md": "## Notice\n\nWe keep nothing.",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    (tmp_path / "site").mkdir()
    stage = Stage(tmp_path / "site", words=SiteTexts.load(folder))
    first, way = stage.browser.get("/").text, stage.browser.get("/way").text
    stage.close()
    assert '<div class="operator" lang="es"' in first
    assert "<p>Bienvenida</p>" in first
    assert "<span>We read on <strong>Mondays</strong>.</span>" in first
    assert "every few days" not in first
    assert "<p>The harbour office is open at night.</p>" in first
    assert "<h2>Notice</h2>" in way


def test_words_that_make_a_page_longer_than_all_others_are_refused_at_the_start(tmp_path: Path) -> None:
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "welcome.en.md").write_text("x" * MOST_BYTES, encoding="utf-8")
    (folder / "emergency.en.md").write_text("<" * MOST_BYTES, encoding="utf-8")
    for words, fits in ((SiteTexts(), True), (SiteTexts.load(folder), False)):
        (tmp_path / str(fits)).mkdir()
        stage = Stage(tmp_path / str(fits), words=words)
        if fits:
            stage.site.require_one_length()
        else:
            with pytest.raises(PageTooLong, match="does not fit into the 16384 bytes"):
                stage.site.require_one_length()
        stage.close()
