"""A receipt in another language or look: Tor Browser often asks for English, whatever its owner reads."""

from tests.tipline.site_stage import Stage, Upload
from tipline.intake.receipts import RECEIPT_SECONDS


def test_the_same_receipt_comes_in_another_language_and_look(stage: Stage) -> None:
    receipt = stage.browser.send_tip("hello", [Upload("a", b"1")])
    again = stage.browser.post("/files/receipt", [("nonce", receipt.hidden("nonce")), ("lang", "es")])
    assert (again.status, again.words) == (200, receipt.words)
    assert '<html lang="es"' in again.text
    # Beside the languages, and beside light and dark.
    assert receipt.text.count("After ten minutes, we cannot show this page again.") == 2
    assert 'formaction="/files/receipt?lang=es"' in again.text
    dark = stage.browser.post("/files/receipt", [("nonce", receipt.hidden("nonce")), ("look", "dark")])
    assert dark.words == receipt.words
    assert 'class="dark"' in dark.text
    assert len(stage.read_all()) == 1


def test_danger_is_still_answered_with_numbers_to_call(stage: Stage) -> None:
    nonce = stage.browser.get("/").hidden("nonce")
    receipt = stage.browser.upload("/", [("nonce", nonce), ("text", "hello"), ("urgent", "yes")])
    assert '<input type="hidden" name="urgent" value="yes">' in receipt.text
    again = stage.browser.post("/files/receipt", [("nonce", nonce), ("urgent", "yes"), ("lang", "fr")])
    assert 'class="danger"' in again.text


def test_once_the_words_are_forgotten_another_language_brings_no_words_back(stage: Stage) -> None:
    now = [1000.0]
    stage.site.receipts._seconds = lambda: now[0]
    receipt = stage.browser.send_tip("hello")
    kept = [("nonce", receipt.hidden("nonce"))]
    stage.browser.post("/kept", kept)
    again = stage.browser.post("/files/receipt", [*kept, ("lang", "es")])
    assert (again.status, again.words) == (200, "")
    assert "ten minutes, we cannot" not in stage.browser.post("/files/receipt", kept).text
    now[0] += RECEIPT_SECONDS + 1
    assert stage.browser.post("/files/receipt", [*kept, ("lang", "es")]).status == 403


def test_how_long_an_answer_waits_stands_on_the_receipt_the_page_after_it_and_in_the_mailbox(stage: Stage) -> None:
    receipt = stage.browser.send_tip("hello")
    kept = stage.browser.post("/kept", [("nonce", receipt.hidden("nonce"))])
    mailbox = stage.browser.open_mailbox(receipt.words)
    for page in (receipt, kept, mailbox):
        assert "An answer waits here for 60 days. Then it is deleted." in page.text
