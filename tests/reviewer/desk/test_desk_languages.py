"""The desk in the languages of staff: chosen, remembered, whole, and never a way for a source's text."""

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from html import unescape

import pytest

from reviewer.cases.retention import add_rule
from reviewer.desk.locked_session import LANGUAGE_SETTING
from reviewer.languages.staff_language import ENGLISH, STAFF_LANGUAGES, said, spoken, staff_language
from reviewer.reading.place_readings import reading_said
from reviewer.viewers.archive_said import said_archive
from reviewer.viewers.mail import Mail
from system.errors import ProgramError
from tests.fakes_server import a_mailbox
from tests.languages.catalogue_rules import sentences
from tests.languages.desk_sentences import read
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk.open_desk import OpenDesk, open_desk
from tests.reviewer.desk.test_desk_linking import added
from tests.reviewer.desk.test_desk_tips import HOSTILE
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import NUMBER, tell

ARABIC = STAFF_LANGUAGES["ar"]
AS_SENT = {"urgent", "yes"}
"""A field of the tip and its value, which a hand-over names as they came."""

PAGES = ("/?which=all", "/case/1")
TIP_PAGES = (
    *("", "/print?notes=yes", "/look/1", "/look/2"),
    "/delete",
)


def text_nodes(page: str) -> Iterator[str]:
    """The text that a reader sees, piece by piece, and what a screen reader says for parts of the page."""
    for attribute in re.findall(r'\b(?:aria-label|alt|placeholder)="([^"]*)"', page):
        yield unescape(attribute).strip()
    for node in re.split(r"<[^<>]*>", page):
        yield unescape(node).strip()


@cache
def translated() -> frozenset[str]:
    """Sentences of the catalogue whose Arabic is another."""
    return frozenset(
        sentence.source[0]
        for sentence in sentences(read(ARABIC))
        if sentence.forms[0] != sentence.source[0] and "%(" not in sentence.source[0]
    )


def english_left(page: str) -> set[str]:
    """Sentences of the catalogue that stand on a page in English."""
    page = re.sub(r'<div class="paper">.*?</div>\s*<form', "<form", page, flags=re.DOTALL)  # a report is in English
    page = re.sub(r'<option value="en" lang="en".*?</option>', "", page)
    return {node for node in text_nodes(page) if node in translated()}


def full_desk(desk: Desk) -> str:
    """A home with a tip that has most of what a page can show; its short id."""
    (short_id,) = desk.take_in(
        desk.server.seal(
            fields=[("text", "I saw a locked house."), ("urgent", "yes"), ("language", "en")],
            files=[("place.jpg", "image/jpeg", photos.jpeg()), ("notes.txt", "text/plain", b"one note")],
            mailbox=a_mailbox(),
        )
    )
    return short_id


def test_every_page_without_a_number_and_those_of_a_tip_are_whole_in_arabic_and_run_from_right_to_left(
    desk: Desk,
) -> None:
    short_id = full_desk(desk)
    with open_desk(desk.home) as opened:
        opened.desk_session.speak("ar")
        opened.done("/telephone", text="A call.", by="R. Example", day="2026-11-20", language="en", danger="yes")
        opened.done("/cases", name="The house")
        opened.done(f"/tip/{short_id}/case", case="1")
        opened.done(f"/tip/{short_id}/note", text="Ours.")
        opened.done(f"/tip/{short_id}/translation", part="0", text="Una casa.", by="T. Example")
        opened.answer(short_id, "We read it.")
        add_rule(opened.desk_session.home, questionnaire=None, status=None, days=30, today=dt.date(2026, 11, 1))
        asked = [f"/delete?what={what}" for what in opened.parts(short_id)]
        tip_pages = [f"/tip/{short_id}{path}" for path in (*TIP_PAGES, *asked)]
        rules = [
            rule for rule in opened.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments
        ]
        pages = {rule.rule: opened.get(rule.rule).text for rule in rules}
        pages |= {path: opened.page(path) for path in (*PAGES, *tip_pages)}
        quarantine = re.search(rf'href="(/tip/{short_id}/quarantine/[^"]*)"', pages[f"/tip/{short_id}"])
        outside = re.search(rf'href="(/tip/{short_id}/outside/[^"]*)"', pages[f"/tip/{short_id}"])
        assert quarantine
        assert outside
        for path in (f"/evidence?tips={short_id}", f"/hand-over?tips={short_id}", quarantine[1], outside[1]):
            pages[path] = opened.page(path)
        pages["preview"] = opened.post(f"/tip/{short_id}/reply", text="Call +44 7700 900123.").text
        pages["found"] = opened.post("/search", words="house").text
        pages["missing"] = opened.get("/no-such-page").text
        pages["locked"] = (opened.post("/lock"), opened.get("/"))[1].text
    for path, page in pages.items():
        assert '<html lang="ar" dir="rtl"' in page, path
        assert english_left(page) - AS_SENT == set(), path
        assert ">U+206" not in page, f"{path} names an isolate of ours"


def test_what_the_program_says_on_pages_of_links_is_in_the_language_of_staff(desk: Desk) -> None:
    tip, other = (tell(desk, f"Nadja, {NUMBER}", mailbox=place) for place in (1, 2))
    with open_desk(desk.home) as opened:
        opened.desk_session.speak("ar")
        one, two = added(opened, tip, "Nadja"), added(opened, other, "Nadja")
        finding = re.findall(r'name="finding">\s*<option value="([0-9]+)"', opened.page(f"/entity/{one}"))[0]
        opened.done(f"/entity/{one}/relate", kind="uses", other=f"E-{two}", finding=finding)
        opened.done(f"/entity/{one}/role", tip=tip, role="saw", because="")
        against = "One name is a single word, which many people have."
        opened.done(f"/entity/{one}/decide", other=f"E-{two}", because="x", verdict="same", against=against)
        entity = f"/entity/{one}"
        paths = ("", "/forget", "/graph", "/timeline", "/map")
        pages = {path: opened.page(path) for path in (*(entity + path for path in paths), "/entities", "/findings")}
        pages |= {path: opened.page(path) for path in ("/", "/decision/1", f"/tip/{tip}/findings")}
        pages |= {path: opened.page(path) for path in ("/published", "/published/open-tables?indicators=1")}
        pages["found"] = opened.post("/findings/lookup", words=NUMBER).text
    for path, page in pages.items():
        ours = re.sub(r'<li class="publication">.*?</li>|<code>.*?</code>', "", page, flags=re.DOTALL)
        english = [node for node in text_nodes(ours) if re.search(r"\b[a-z]{2,} [a-z]{2,}", node)]
        assert english == [], path
        assert english_left(page) == set(), path
        assert ">U+206" not in page, f"{path} names an isolate of ours"


def test_lists_of_archives_heads_of_e_mails_days_and_places_are_told_in_the_language_of_staff() -> None:
    listed = "ZIP archive: 2 entries, 1,200 bytes when unpacked\nSome entries need a password.\n\n  1  a"
    position = "position:-40.900,174.900"
    assert said_archive(listed) == listed
    assert "km from" in reading_said(position)
    with spoken("es"):
        assert said_archive(listed).split("\n") == [
            "Archivo comprimido ZIP: 2 entradas, 1,200 bytes al descomprimirlo",
            "Algunas entradas necesitan una contraseña.",
            "",
            "  1  a",
        ]
        assert said_archive("tar archive: 9 entries and more") == "Archivo tar: 9 entradas y más"
        assert reading_said("2026-04-01/2026-04-30") == "del 2026-04-01 al 2026-04-30"
        assert "km de" in reading_said(position)
        assert reading_said("country:DE") == "Alemania"
        assert Mail([("From", "Ana: <ana@example.org>"), ("Subject", "")], []).said_heads() == [
            ("De", "Ana: <ana@example.org>"),
            ("Asunto", ""),
        ]
    with spoken("ar"):
        assert not re.search("[\u2066-\u2069]", said_archive(listed))


def test_a_language_is_chosen_on_any_page_which_is_shown_again_and_the_casebook_remembers_it(desk: Desk) -> None:
    short_id = full_desk(desk)
    with open_desk(desk.home) as opened:
        page = opened.page(f"/tip/{short_id}?which=all")
        assert f'name="page" value="/tip/{short_id}?which=all"' in page
        assert "native speaker" not in page.partition("<footer>")[2]
        page = opened.done("/language", tag="es", page=f"/tip/{short_id}?which=all")
        assert f"<h1>Aviso {short_id}</h1>" in page
        assert "Ninguna persona nativa ha revisado aún esta traducción." in page
        opened.post("/lock")
        assert "Tu frase de acceso" in opened.get("/").text or "Ninguna frase de acceso" in opened.get("/").text
        assert opened.desk_session.left().language == "es"
        opened.post("/language", tag="fr", page="/")
        assert "Verrouillé" in opened.get("/").text
        opened.post("/unlock")
        assert "<h1>Signalements</h1>" in opened.page("/")
        assert opened.desk_session.home.casebook.settings.get(LANGUAGE_SETTING) == "fr"
    with open_desk(desk.home) as opened:
        assert "<h1>Signalements</h1>" in opened.page("/")
    assert staff_language().tag == ENGLISH
    assert said("Tips") == "Tips"


@pytest.mark.parametrize(
    "page",
    ["//example.org/", "https://example.org/", "/\\example.org", "/no-such", "/language", "\r\nX: y", "/%2e%2e//x"],
)
def test_the_form_of_the_language_leads_to_pages_of_the_desk_only(desk: Desk, page: str) -> None:
    with open_desk(desk.home) as opened:
        answer = opened.post("/language", tag="ar", page=page)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_a_language_that_the_desk_does_not_speak_is_refused_and_a_stranger_changes_none(desk: Desk) -> None:
    with open_desk(desk.home) as opened:
        assert opened.post("/language", tag="xx", page="/").status_code == 422
        with pytest.raises(ProgramError, match="does not speak"):
            opened.desk_session.speak("../es")
        stranger = opened.other_browser()
        stranger.post("/language", data={"tag": "ar", "page": "/"}, headers={"Host": "127.0.0.1:4321"})
        assert opened.desk_session.language == ENGLISH


def test_what_came_is_escaped_and_keeps_its_own_direction_in_every_language(desk: Desk) -> None:
    (short_id,) = desk.take_in(
        desk.server.seal(
            fields=[("text", HOSTILE), ("language", "<b>%(x)s")],
            files=[("<b>%s.jpg", "<i>", b"")],
            mailbox=a_mailbox(),
        )
    )
    with open_desk(desk.home) as opened:
        for tag in STAFF_LANGUAGES:
            opened.desk_session.speak(tag)
            for path in ("/", f"/tip/{short_id}", f"/tip/{short_id}/delete?what={opened.parts(short_id)[0]}"):
                page = opened.page(path)
                assert "<b>" not in page, (tag, path)
                assert "<i>" not in page, (tag, path)
            assert '<div class="text" dir="auto">' in opened.page(f"/tip/{short_id}")


def test_the_command_sets_the_language_and_prints_english(desk: Desk) -> None:
    short_id = full_desk(desk)
    with open_desk(desk.home) as opened:
        opened.desk_session.speak("ar")
        preview = _evidence_preview(opened, short_id)
    assert "I saw a locked house." in preview
    report = preview.partition('<div class="paper">')[2].partition("<form")[0]
    assert not re.search("[\u0600-\u06ff]", report)
    assert "taken in" in desk.do("show", desk.home, short_id)


def _evidence_preview(opened: OpenDesk, short_id: str) -> str:
    return opened.post("/evidence/preview", tips=short_id, passage=f"{short_id}:1", receiver="An office").text
