"""Ready answers: in every language of the site, short enough to be sent, and with the names that the pages have."""

import pytest

from crypto.submissions.reply import TEXT_BYTES
from reviewer.cases.answer_contents import answer_findings
from reviewer.cases.ready_answers import COULD_NOT_OPEN, READY, ReadyAnswer
from reviewer.languages.text_language import reads_like
from tests.fakes_server import a_mailbox
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tipline.languages.language import ENGLISH, LANGUAGES, Language
from tipline.languages.site_languages import SiteLanguages

PAGE = "If you can install a program"


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.tag)
def test_a_ready_answer_has_every_language_and_neither_number_nor_address_and_fits_one_reply(
    language: Language,
) -> None:
    assert len(READY) == 7
    for answer in READY.values():
        text = answer.texts[language.tag]
        assert answer_findings(text, [], tags=[language.tag]) == []
        assert reads_like(text) == language.tag
        assert text == text.strip()
        assert len(text.encode()) <= TEXT_BYTES
        assert language == ENGLISH or text != answer.text("en")
        assert text.count("\n") == answer.text("en").count("\n")


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.tag)
def test_the_page_is_called_as_the_site_calls_it(language: Language) -> None:
    spoken = SiteLanguages.load().get(language.tag)
    assert spoken
    named = str(spoken.translations.ugettext(PAGE))
    assert named.casefold() in COULD_NOT_OPEN.texts[language.tag].casefold()
    assert "recipients.txt" in COULD_NOT_OPEN.texts[language.tag]


@pytest.mark.parametrize("tag", [None, "", "xx", "EN", "../en"])
def test_a_language_that_is_not_there_gets_english(tag: str | None) -> None:
    answer = ReadyAnswer("", {"en": "hello", "es": "hola"})
    assert (answer.text(tag), answer.text("es")) == ("hello", "hola")


def test_one_command_answers_in_the_language_of_the_page_that_was_used(desk: Desk) -> None:
    fields = [("text", "hola"), ("language", "es")]
    (short_id,) = desk.take_in(desk.server.seal(fields=fields, mailbox=a_mailbox()))
    desk.do("reply", desk.home, short_id, "--could-not-open")
    (reply,) = desk.show(short_id)["replies"]
    assert reply["text"] == COULD_NOT_OPEN.text("es")


OWN = """
title = "Our helpline"
[text]
en = "Call our helpline on 07700 900123."
es = "Llame al 07700 900123."
"""


def test_answers_of_the_organisation_stand_beside_ours_and_a_broken_file_is_named_and_left_out(desk: Desk) -> None:
    fields = [("text", "me quitaron el pasaporte cuando llegué y no me pagan desde hace meses"), ("language", "en")]
    (short_id,) = desk.take_in(desk.server.seal(fields=fields, mailbox=a_mailbox()))
    folder = desk.home / "answers"
    folder.mkdir()
    (folder / "our-line.toml").write_text(OWN, encoding="utf-8")
    for name, content in {
        "a": "title = 3",
        "b": 'title = "x"',
        "c": "[text\n",
        "d": 'title = "x"\n[text]\nen = 7',
        "e": "\udcff",
        "f": "x" * ((1 << 20) + 1),
    }.items():
        (folder / f"broken-{name}.toml").write_bytes(content.encode(errors="surrogateescape"))
    table = desk.json("answers", desk.home)["answers"]
    assert next(iter(table)) == "our-line"
    assert len(table) == 8
    assert desk.err.count("answers/broken-") == 6
    assert desk.run("reply", desk.home, short_id, "--ready", "our-line") == 1
    assert "a number: 07700, 900123" in desk.err
    desk.do("reply", desk.home, short_id, "--ready", "our-line", "--confirm-contents")
    assert desk.show(short_id)["replies"][0]["text"] == "Llame al 07700 900123."
    with open_desk(desk.home) as opened:
        page = opened.page(f"/tip/{short_id}")
        assert "Our helpline" in page
        assert "Left out: answers/broken-a.toml" in seen(page)
        for tag in ("es", "en"):
            assert READY["do-not"].text(tag).splitlines()[1] in page
        assert "not yet reviewed by a native speaker" in seen(page)
        put_in = opened.post(f"/tip/{short_id}/reply", text="", ready="closing", language="fr")
        assert READY["closing"].text("fr")[:40] in put_in.text
