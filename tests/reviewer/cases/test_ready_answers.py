"""Ready answers: in every language of the site, short enough to be sent, and with the names that the pages have."""

import pytest

from crypto.submissions.reply import TEXT_BYTES
from reviewer.cases.ready_answers import COULD_NOT_OPEN, READY, ReadyAnswer
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk
from tipline.languages.language import ENGLISH, LANGUAGES, Language
from tipline.languages.site_languages import SiteLanguages

PAGE = "If you can install a program"


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.tag)
def test_a_ready_answer_is_there_in_every_language_and_fits_one_reply(language: Language) -> None:
    for answer in READY.values():
        text = answer.texts[language.tag]
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
