"""The English words of the site: plain, calm, and the same for everyone who may have to read them in a hurry."""

import re
from html import unescape
from pathlib import Path

import pytest

from tests.tipline.pages.named_pages import UNBROKEN
from tests.tipline.pages.reading_age import reading_of, shown_sentences, syllables
from tests.tipline.pages.test_site_pages import page  # noqa: F401 -- every page of the site, one after the other
from tests.tipline.site_stage import Answer
from tipline.pages.app import TEMPLATES

HIGHEST_GRADE = 4.0
LONGEST_SENTENCE = 26
JARGON = {
    "anonymous", "anonymously", "authenticate", "backend", "cipher", "ciphertext", "client", "confidential",
    "configure", "cookie", "cookies", "credentials", "cryptographic", "database", "decrypt", "encrypt", "encrypted",
    "encryption", "endpoint", "error", "exception", "hash", "host", "http", "identifier", "invalid", "javascript",
    "login", "mailbox", "malformed", "metadata", "nonce", "parameter", "passphrase", "payload", "plaintext",
    "process", "protocol", "proxy", "request", "server", "session", "submission", "submit", "timeout", "token",
    "trafficking", "transmit", "upload", "url", "user", "username", "victim", "victims",
}  # fmt: skip
NAMED_BY_THE_BROWSER = "If an error page comes, press Try Again, not Back."
"""The one sentence that may say "error": it is about a page of the browser, which is called so."""


@pytest.mark.parametrize(
    ("word", "count"),
    [("tick", 1), ("locked", 1), ("wanted", 2), ("phones", 1), ("pages", 2), ("message", 2), ("computer", 3)],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_lawyers_sentence_is_found_too_hard() -> None:
    hard = "<p>Notwithstanding confidentiality considerations, communications may be subject to disclosure.</p>"
    assert reading_of(hard).grade > 2 * HIGHEST_GRADE


def test_only_whole_sentences_are_counted_so_that_labels_do_not_flatter() -> None:
    assert shown_sentences("<h1>Words</h1><p>We read it. Then we write.</p><li>a word</li>") == [
        ["We", "read", "it"],
        ["Then", "we", "write"],
    ]


def test_a_child_of_nine_or_ten_can_read_every_page(page: Answer) -> None:  # noqa: F811
    reading = reading_of(page.body.decode().replace(UNBROKEN, "word"))
    assert reading.grade <= HIGHEST_GRADE
    assert len(reading.longest_sentence.split()) <= LONGEST_SENTENCE, reading.longest_sentence


def test_no_page_speaks_like_a_machine_or_a_file(page: Answer) -> None:  # noqa: F811
    ours = page.text.replace(NAMED_BY_THE_BROWSER, "")
    shown = {word.lower() for sentence in shown_sentences(ours, whole=False) for word in sentence}
    assert not shown & JARGON


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_translators_get_whole_sentences(template: Path) -> None:
    for text in re.findall(r'gettext\("([^"]*)"|_\("([^"]*)"', template.read_text(encoding="utf-8")):
        sentence = unescape("".join(text))
        assert sentence == sentence.strip()
        assert not re.search(r"<|>|\{", sentence), "no markup in a sentence"
        assert not sentence[:2].islower(), sentence
