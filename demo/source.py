"""The source's part of the walkthrough: a person with Tor Browser at "Safest"."""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from demo.errors import DemoError
from demo.firefox import Firefox
from demo.writings import Writings

NARROW, WIDE, HEIGHT = 320, 1280, 900
WORDS = 8
LOOKS = (
    ("narrow", "", NARROW, 568),
    ("telephone", "", 360, 640),
    # Text at 200 % on a desk has half of its width.
    ("200-percent", "", WIDE // 2, HEIGHT // 2),
    ("dark", "?look=dark", 360, 640),
    ("arabic", "?lang=ar", NARROW, 568),
    ("chinese", "?lang=zh-Hans", NARROW, 568),
    ("ukrainian", "?lang=uk", NARROW, 568),
)
"""Name, query, width and height in CSS pixels of further pictures of the first page."""


class Source:
    """One browser of the source, new each time: Tor Browser forgets everything when it is closed."""

    def __init__(self, folder: Path, *, address: str, socks_port: int | None, pictures: Path) -> None:
        self.address = address
        self._open = ExitStack()
        self._window = self._open.enter_context(Firefox(folder, socks_port=socks_port, width=WIDE, height=HEIGHT))
        self._pictures = pictures

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def open_start(self) -> None:
        """The first page: on a desk, on small telephones, enlarged, dark, and in three languages."""
        self._window.open(f"http://{self.address}/")
        self._picture("start")
        for name, query, width, height in LOOKS:
            self._window.set_viewport(width, height)
            self._window.open(f"http://{self.address}/{query}")
            self._picture(f"start-{name}")
        self._window.set_viewport(WIDE, HEIGHT)
        self._window.open(f"http://{self.address}/")

    def submit(self, writings: Writings) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Send text and files in one form, and return the eight words of the receipt, and the same in digits.

        Raises:
            DemoError: no receipt came.
        """
        self._window.fill("[name=text]", writings.text)
        self._window.attach("[name=files]", writings.files)
        self._picture("filled-in")
        self._window.press("form[enctype] button[type=submit]")
        words = tuple(self._window.text("[data-passphrase]").split())
        self._picture("receipt")
        self._window.set_viewport(NARROW, HEIGHT)
        self._picture("receipt-narrow")
        self._window.set_viewport(WIDE, HEIGHT)
        self._window.press("details:has([data-passphrase-digits]) summary", loads=False)
        digits = tuple(self._window.text("[data-passphrase-digits]").split())
        if len(words) != WORDS or len(digits) != WORDS:
            raise DemoError("the receipt does not show eight words, and the same in digits")
        return words, digits

    def keep_words(self) -> None:
        """Say that the words are kept, so that the server forgets them."""
        self._window.press("form[action$='/kept'] button")
        self._picture("kept")

    def come_back(self, words: tuple[str, ...]) -> None:
        """Open the first page, then the mailbox, with the words typed carelessly."""
        self._window.open(f"http://{self.address}/")
        self._window.press("a[href='#back']", loads=False)
        self._type_words(" ".join(words[:4]).upper() + " - " + "-".join(words[4:]) + " ")
        self._picture("words-typed")
        self._window.press("form[action$='/mailbox'] button")
        self._picture("mailbox")

    def come_back_once_more(self, words: tuple[str, ...]) -> None:
        """Type the words into the form that every page after an action has."""
        self._type_words(" ".join(words))
        self._window.press("form[action$='/mailbox'] button")

    def replies(self) -> list[str]:
        """The texts of the replies that the mailbox shows now."""
        return [
            self._window.text(f"article:nth-of-type({n + 1}) .reply") for n in range(self._window.count(".reply"))
        ]

    def follow_up(self, text: str) -> None:
        """Write again from the mailbox."""
        self._window.fill("form[action$='/mailbox/write'] [name=text]", text)
        self._window.press("form[action$='/mailbox/write'] button")
        self._picture("written-again")

    def delete_first_reply(self) -> None:
        """Tick the first reply and delete it."""
        self._window.press("input[name=reply]", loads=False)
        self._window.press("button[value=ticked]")
        self._picture("deleted")

    def leave(self) -> None:
        """Press "Leave now"."""
        self._window.press("a.leave")
        self._picture("left")

    def hosts_asked(self) -> set[str]:
        """Every host that the browser asked for anything since the last call."""
        return self._window.hosts_asked()

    def _type_words(self, typed: str) -> None:
        self._window.fill("[name=passphrase]", typed)

    def _picture(self, name: str) -> None:
        number = len(list(self._pictures.glob("*.png"))) + 1
        self._window.screenshot(self._pictures / f"{number:02d}-source-{name}.png")
