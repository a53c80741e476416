"""The page for many or large files, as a browser without scripts meets it: one form, two frames, one receipt."""

import re

from tests.tipline.site_stage import BOUNDARY, Answer, Stage, Upload, multipart
from tipline.instance.site_settings import MIB, Limits

FORM = f"multipart/form-data; boundary={BOUNDARY}"


LIMITS = Limits(text_characters=500, files=3, file_bytes=100_000, request_bytes=MIB)


MORE = Upload("more.bin", b"more")


class FilesPage:
    """The page as it was opened, with what its form would send."""

    def __init__(self, answer: Answer) -> None:
        assert answer.status == 200
        self.answer = answer
        self.nonce = answer.hidden("nonce")
        self.handle = answer.hidden("handle")
        found = re.search(r'<form[^>]* action="(/files/send\?upload=(\w{32}))" target="result"', answer.text)
        assert found
        self.action, self.token = found[1], found[2]

    def fields(self, text: str = "") -> list[tuple[str, str]]:
        return [("nonce", self.nonce), ("handle", self.handle), ("language", "en"), ("text", text)]

    def body(self, text: str, *files: Upload) -> bytes:
        return multipart(self.fields(text), files)


def open_page(stage: Stage) -> FilesPage:
    return FilesPage(stage.browser.get("/files"))


def send(stage: Stage, page: FilesPage, text: str = "", *files: Upload, **more: object) -> Answer:
    return stage.browser.upload(page.action, page.fields(text), files, **more)


def look(stage: Stage, token: str, *, looks: int = 0) -> Answer:
    return stage.browser.get(f"/files/progress?upload={token}&looks={looks}")


def shown(answer: Answer) -> str:
    """The page of a frame, without its frame."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.split("<main>")[1].split("</main>")[0]).split())


def kept(stage: Stage) -> int:
    return len(stage.store.submissions._small.rows("SELECT id FROM submissions"))
