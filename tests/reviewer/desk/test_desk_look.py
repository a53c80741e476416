"""Looking at files at the desk: small, grey and blurred first, no byte of the file, and a line in the log."""

import io
import itertools
import re
from collections.abc import Iterator
from html import unescape

import pytest
from PIL import Image

from reviewer.cases.quarantine import find_file, quarantine_file
from system.clock import today
from tests.fakes_server import a_mailbox
from tests.reviewer.cases.test_sealed_files import container, taken_in
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk.open_desk import OpenDesk, open_desk, seen
from tests.reviewer.desk.test_desk_tips import logged
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import kept_person
from tests.reviewer.linking.test_questions import LATIN, two_spellings
from tests.reviewer.viewers.samples import EMAIL, pdf, zipped
from tests.template_rules import faults

FILES = [
    ("holiday.pdf", "application/pdf", photos.jpeg()),  # its name lies
    ("letter.jpg", "image/jpeg", pdf(12)),
    ("mail.eml", "message/rfc822", EMAIL),
    ("list.zip", "application/zip", zipped([("plan.txt", "x" * 5000), ("\u202egpj.exe\x1b[2J", "y")])),
    ("note.txt", "text/plain", b"<script>document.title = 'owned'</script>\x1b[2J\n"),
]


@pytest.fixture
def short_id(desk: Desk) -> str:
    (taken,) = desk.take_in(desk.server.seal(fields=[("text", "see")], files=FILES, mailbox=a_mailbox()))
    return taken


@pytest.fixture
def opened(desk: Desk, short_id: str) -> Iterator[OpenDesk]:
    with open_desk(desk.home) as opened:
        yield opened


def drawn(opened: OpenDesk, path: str) -> Image.Image:
    answer = opened.get(path)
    assert (answer.status_code, answer.content_type) == (200, "image/png"), answer.text
    return Image.open(io.BytesIO(answer.data))


def colours(picture: Image.Image) -> set[tuple[int, ...]]:
    return {colour for _count, colour in picture.convert("RGB").getcolors(1 << 24) or []}


def test_a_picture_comes_small_grey_and_blurred_then_grey_and_sharp_then_in_colour(
    opened: OpenDesk, short_id: str
) -> None:
    look = f"/tip/{short_id}/look/1"
    assert f'href="{look}"' in opened.page(f"/tip/{short_id}")
    first = opened.page(look)
    assert f'src="{look}/picture/1/blurred"' in first
    assert "a JPEG picture" in seen(first)
    assert f'href="{look}?see=grey&amp;from=1"' in first
    assert "see=colour" not in first
    assert f'href="{look}?see=colour&amp;from=1"' in opened.page(f"{look}?see=grey")

    blurred, sharp, colour = (drawn(opened, f"{look}/picture/1/{see}") for see in ("blurred", "grey", "colour"))
    for grey in (blurred, sharp):
        assert all(red == green == blue for red, green, blue in colours(grey))
    assert max(blurred.size) <= 320
    assert photos.quarters(colour)[0] != photos.quarters(sharp)[0]
    edge = colour.width // 2
    steps = [abs(one.getpixel((edge - 1, 2))[0] - one.getpixel((edge, 2))[0]) for one in (blurred, sharp)]
    assert steps[0] < steps[1] / 3, "the edge between two quarters is soft"


def test_the_pictures_of_one_page_have_thirty_seconds_together_and_a_press_under_one_begins_the_next(
    opened: OpenDesk, short_id: str
) -> None:
    look = f"/tip/{short_id}/look/2"
    clock = itertools.count(0.0, 2.0)
    opened.desk_session.children.clock = lambda: next(clock)
    assert f'href="{look}?see=blurred&amp;from=4"' in opened.page(look)
    answers = [opened.get(f"{look}/picture/{number}/blurred") for number in range(1, 11)]
    given = [answer.status_code for answer in answers]
    assert given == sorted(given)
    assert set(given) == {200, 422}
    assert "the pictures of one page may take 30 seconds together" in answers[-1].text
    opened.page(f"{look}?from=10")
    assert opened.get(f"{look}/picture/10/blurred").status_code == 200


def test_ten_pages_of_a_pdf_are_on_a_page_and_the_rest_on_the_next(opened: OpenDesk, short_id: str) -> None:
    look = f"/tip/{short_id}/look/2"
    page = opened.page(look)
    assert page.count("<img ") == 10
    assert "1 to 10 of 12" in seen(page)
    assert opened.page(f"{look}?from=11").count("<img ") == 2
    tenth = drawn(opened, f"{look}/picture/10/colour")
    assert max(tenth.size) == 1600
    assert (204, 25, 25) in colours(tenth)
    assert opened.get(f"{look}/picture/13/colour").status_code == 422


def test_an_email_that_imitates_the_lines_of_the_desk_is_shown_as_its_own_words(desk: Desk) -> None:
    lies = "[Attachment 2: a.pdf, application/pdf, 81,203 bytes; not opened]\n[Part 3: text/plain]\nPart 3: lie"
    mail = b"Date: x\r\nFrom: a@example.org\r\nSubject: x\r\n\r\n" + lies.encode()
    (tip,) = desk.take_in(desk.server.seal(files=[("a.eml", "", mail)], mailbox=a_mailbox(2)))
    with open_desk(desk.home) as opened:
        opened.post("/language", tag="es", page="/")
        page = opened.page(f"/tip/{tip}/look/1")
    ours = re.findall(r'<p class="about">(.*?)</p>', page)
    assert [seen(one) for one in ours] == ["Parte 1: text/plain"]
    (words,) = re.findall(r'<div class="text" dir="auto">(.*?)</div>', page, re.DOTALL)
    assert unescape(words) == lies


def test_a_long_email_is_on_several_pages_and_says_on_each_which_part_it_is(desk: Desk) -> None:
    to = ", ".join(f"customer{number}@example.org" for number in range(2000))
    mail = (
        f"Subject: y\r\nDate: x\r\nFrom: a@example.org\r\nTo: {to}\r\nSubject: x\r\n\r\n".encode()
        + b"word\n" * 2500
    )
    (tip,) = desk.take_in(desk.server.seal(files=[("a.eml", "", mail)], mailbox=a_mailbox(2)))
    with open_desk(desk.home) as opened:
        pages, number = [opened.page(f"/tip/{tip}/look/1")], 2
        while f"part={number}" in pages[-1]:
            pages.append(opened.page(f"/tip/{tip}/look/1?part={number}"))
            number += 1
    text = "".join(seen(page) for page in pages)
    # The piece of one page may end within an address.
    assert sum(f"customer{number}@example.org" in text for number in range(2000)) > 1990
    assert text.count("word ") >= 2500
    assert "Heads of this e-mail" in pages[0]
    assert "Part 1: text/plain" in pages[-1]


def test_an_email_an_archive_and_a_text_are_told_as_plain_text(opened: OpenDesk, short_id: str) -> None:
    mail = seen(opened.page(f"/tip/{short_id}/look/3"))
    for words in ("A Friend &lt;friend@example.org&gt;", "Über das Haus", "Дом у реки", "In HTML", "plan.pdf"):
        assert words in mail
    assert "203.0.113.5" not in mail
    assert "x()" not in mail
    archive = seen(opened.page(f"/tip/{short_id}/look/4"))
    assert "2 entries, 5,001 bytes when unpacked" in archive
    assert "U+202E" in archive
    text = opened.page(f"/tip/{short_id}/look/5")
    assert "&lt;script&gt;" in text
    assert "U+001B" in seen(text)
    for number in (3, 4, 5):
        assert not faults(opened.page(f"/tip/{short_id}/look/{number}").replace("&lt;", ""), source=False)


def test_only_pages_that_look_at_a_file_may_show_pictures_of_the_desk(opened: OpenDesk, short_id: str) -> None:
    looking = opened.get(f"/tip/{short_id}/look/1").headers["Content-Security-Policy"]
    assert "img-src data: 'self'; media-src 'self'" in looking
    assert "script-src" not in looking
    for path in ("/", f"/tip/{short_id}", "/viewers", f"/tip/{short_id}/look/1/picture/1/blurred"):
        assert "img-src data:; " in opened.get(path).headers["Content-Security-Policy"], path


def test_each_look_is_in_the_log_with_the_tip_and_the_place_of_the_file(opened: OpenDesk, short_id: str) -> None:
    opened.page(f"/tip/{short_id}/look/1")
    opened.get(f"/tip/{short_id}/look/1/picture/1/grey")  # of the file that is open
    opened.get(f"/tip/{short_id}/look/2/picture/1/grey")
    assert [subject for act, subject in logged(opened) if act == "look"] == [
        f"{short_id} file 1",
        f"{short_id} file 2",
    ]


def test_locking_ends_the_viewers_and_shows_nothing(opened: OpenDesk, short_id: str) -> None:
    opened.desk_session.children.end()
    answer = opened.get(f"/tip/{short_id}/look/1")
    assert answer.status_code == 403
    assert opened.desk_session.is_locked
    assert opened.get(f"/tip/{short_id}/look/1/picture/1/blurred").status_code == 403


def test_cover_hides_the_words_of_sources_in_lists_until_it_is_undone(opened: OpenDesk, short_id: str) -> None:
    words = "see"
    assert f"{words}</bdi>" in opened.page("/")
    covered = opened.done("/cover")
    assert f"{words}</bdi>" not in covered
    assert f"Tip {short_id}, covered" in seen(covered)
    found = opened.post("/search", words=words).text
    assert short_id in found
    assert "<mark>" not in found
    assert f"{words}</bdi>" in opened.done("/cover", undo="yes")


def test_cover_hides_the_words_of_sources_on_the_page_of_a_case_and_in_links(desk: Desk) -> None:
    first, second = two_spellings(desk)
    kept_person(desk, first, LATIN)
    desk.do("case", "new", desk.home, "The house", first, second)
    with open_desk(desk.home) as opened:
        for path in ("/", "/case/1", "/questions", "/entities"):
            assert LATIN in seen(opened.page(path)), path
        opened.post("/cover")
        for path in ("/", "/case/1", "/questions", "/entities"):
            assert LATIN not in seen(opened.page(path)), path
        assert "Split these off" in opened.page("/case/1")
        assert "E-1" in seen(opened.page("/entities"))


def test_a_file_that_cannot_be_shown_says_why_and_what_to_install(desk: Desk) -> None:
    files = [("broken.pdf", "", b"%PDF-1.4 nothing"), ("program", "", b"\x7fELF" + bytes(range(256)))]
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "see")], files=files))
    with open_desk(desk.home) as opened:
        answers = [opened.get(f"/tip/{short_id}/look/{number}") for number in ("1", "2", "3", "1.1")]
        assert [answer.status_code for answer in answers] == [422, 422, 422, 422]
        told = [seen(answer.text) for answer in answers]
    assert "damaged, cut off or locked with a password, or it needs more than the viewer may use (20 se" in told[0]
    assert "no viewer opens a file of this kind" in told[1]
    assert "this tip has no file with that number" in told[2]
    assert "this tip has no file with that number" in told[3]


def test_a_file_inside_a_file_that_its_source_had_sealed_is_looked_at(desk: Desk) -> None:
    short_id = taken_in(desk, container(desk, files=[("a.jpg", "image/jpeg", photos.jpeg())]))
    with open_desk(desk.home) as opened:
        assert f'href="/tip/{short_id}/look/1.1"' in opened.page(f"/tip/{short_id}")
        assert drawn(opened, f"/tip/{short_id}/look/1.1/picture/1/colour").size == photos.SIZE
        assert "the files inside of it are listed below it" in opened.get(f"/tip/{short_id}/look/1").text


def test_a_file_in_quarantine_is_looked_at_by_no_way(opened: OpenDesk, short_id: str, desk: Desk) -> None:
    home = opened.desk_session.home
    submission = home.casebook.submissions.find(short_id)
    opened.page(f"/tip/{short_id}/look/1")
    quarantine_file(home, submission, find_file(home, submission, "1"), today=today())
    for path in ("", "/picture/1/blurred", "/picture/1/colour", "/sound/1"):
        answer = opened.get(f"/tip/{short_id}/look/1{path}")
        assert answer.status_code == 422
        assert "in quarantine" in answer.text
        assert "<img" not in answer.text
