"""Acts of a source on the page of its mailbox, and the news of them for staff."""

from crypto.submissions.submission import Kind
from tests.tipline.site_stage import Answer, Stage, Upload


def press(stage: Stage, page: Answer, action: str, *fields: tuple[str, str]) -> Answer:
    return stage.browser.post(action, [("nonce", page.form_nonce(action)), *fields])


def write(stage: Stage, page: Answer, text: str, *files: Upload, words: str = "") -> Answer:
    fields = [("nonce", page.form_nonce("/mailbox/write")), *([("passphrase", words)] if words else [])]
    return stage.browser.upload("/mailbox/write", [*fields, ("text", text)], files)


def acts(stage: Stage) -> list[dict[str, list[str]]]:
    """The news for staff, by name of the field."""
    found = []
    for read in stage.read_all():
        assert read.opened is not None
        if read.opened.head.kind is Kind.ACT:
            told: dict[str, list[str]] = {}
            for name, value in read.fields:
                told.setdefault(name, []).append(value)
            found.append(told)
    return found
