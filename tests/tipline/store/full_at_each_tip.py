"""Plays a disk that is full at each write of the site while tips, with and without a file, are sent to it.

`python -m tests.tipline.store.full_at_each_tip FOLDER`, started by `unshare`. See `full_at_each_write`.
"""

import os
from http import HTTPStatus
from pathlib import Path
from typing import Final

from tests.tipline.site_stage import Stage, Upload
from tests.tipline.store.full_at_each_write import NO_RESERVE_BYTES, Others, Played, on_a_small_disk, through_all
from tipline.store.errors import StoreFull

NO_ROOM: Final = "We cannot take this right now."


class _Source:
    """Writes one tip after the other, each under its own form; a tip that was refused is sent again with room."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._refused: tuple[str, str, list[Upload]] | None = None
        self._written = 0
        self.kept: dict[str, bytes] = {}

    def send(self, file_bytes: int) -> None:
        """
        Raises:
            StoreFull: the page said so, with what was typed.
        """
        self._written += 1
        text = f"written as number {self._written}."
        files = [Upload("a.bin", os.urandom(file_bytes))] if file_bytes else []
        nonce = self._stage.browser.get("/").hidden("nonce")
        self._press(text, nonce, files)
        if self._refused:
            raise StoreFull("the page says so")

    def send_again(self) -> None:
        """The same form, with room."""
        if self._refused:
            self._press(*self._refused)
            assert self._refused is None

    def carry_away(self) -> None:
        """All that was promised is there once, byte for byte, and nothing else; then it makes room."""
        read = self._stage.read_all()
        assert len(read) == len(self.kept), "none came twice"
        assert {one.text: b"".join(content for _, _, content in one.files) for one in read} == self.kept
        for stored in self._stage.store.submissions.waiting():
            self._stage.store.submissions.delete(stored.submission)
        self._stage.store.wipe_traces()
        self.kept.clear()

    def _press(self, text: str, nonce: str, files: list[Upload]) -> None:
        page = self._stage.browser.send_tip(text, files, nonce=nonce)
        if page.status == HTTPStatus.OK:
            assert page.words
            self.kept[text] = files[0].content if files else b""
            self._refused = None
        else:
            assert page.status == HTTPStatus.SERVICE_UNAVAILABLE
            assert NO_ROOM in page.text
            assert text in page.text, "what was typed comes back"
            self._refused = text, nonce, files


def play(place: Path) -> Played:
    others = Others(place)
    stage = Stage(place)
    stage.store._reserve_bytes = NO_RESERVE_BYTES
    source, played = _Source(stage), Played()
    through_all(others, played, lambda: source.send(0), source.send_again)
    source.carry_away()
    through_all(others, played, lambda: source.send(100_000), source.send_again, step=4)
    source.carry_away()
    assert stage.store.damage() == []
    stage.close()
    others.close()
    return played


if __name__ == "__main__":
    on_a_small_disk(play)
