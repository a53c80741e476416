"""Sources for load tests: each opens the form, writes, keeps the words, and comes back with them."""

import asyncio
import re
from dataclasses import dataclass, field

from light_client import LightAnswer, LightClient

TEXT_BYTES = 1024
AGAIN_SECONDS = 2.0
"""The wait after an answer that asks for a minute: a measurement cannot wait that long."""

_MOST_TRIES = 40


@dataclass
class Told:
    """The answers to all sources: times in seconds in order, and counts by kind."""

    text_seconds: list[float] = field(default_factory=list)
    login_seconds: list[float] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    polite_refusals: int = 0
    faults: list[str] = field(default_factory=list)

    def note(self, what: str, answer: LightAnswer) -> None:
        """Anything but a 200: a polite refusal, or a fault."""
        if answer.status in (429, 503) and answer.is_polite():
            self.polite_refusals += 1
        else:
            self.faults.append(f"{what}: {answer.status}")


class LoadSource:
    """One of them; ``mark`` stands at the beginning of what it writes, so that it is found again."""

    def __init__(self, client: LightClient, told: Told, *, mark: str, circuit: int) -> None:
        self._client = client
        self._told = told
        self.mark = mark
        self._circuit = circuit
        self.words = ""

    async def write(self) -> bool:
        """From the form to the receipt; whether there was one. The time is that of the press."""
        form = await self._client.get("/", circuit=self._circuit)
        if form.status != 200:
            self._told.note("form", form)
            return False
        text = f"{self.mark} ".ljust(TEXT_BYTES, "x")
        answer = await self._client.post("/", {"nonce": form.hidden("nonce"), "text": text}, circuit=self._circuit)
        self.words = words_of(answer)
        if not self.words:
            self._told.note("text", answer)
            if answer.status in (429, 503) and text.encode() not in answer.body:
                self._told.faults.append("text: what was typed did not come back")
            return False
        self._told.text_seconds.append(answer.seconds)
        self._told.receipts.append(self.mark)
        return True

    async def come_back(self) -> None:
        """Log in, and again when told to wait."""
        waited = 0.0
        for _ in range(_MOST_TRIES):
            answer = await self._client.post("/mailbox", {"passphrase": self.words}, circuit=self._circuit)
            waited += answer.seconds
            if answer.status == 200:
                self._told.login_seconds.append(waited)
                return
            self._told.note("log-in", answer)
            if answer.status not in (429, 503):
                return
            if self.words.encode() not in answer.body:
                self._told.faults.append("log-in: the words did not come back")
            await asyncio.sleep(AGAIN_SECONDS)
            waited += AGAIN_SECONDS
        self._told.faults.append("log-in: never got in")


def words_of(answer: LightAnswer) -> str:
    """The words of a receipt; empty when it is none."""
    shown = re.search(rb"data-passphrase [^>]*>(.*?)</p>", answer.body, re.DOTALL)
    return b" ".join(re.findall(rb"[a-z]+(?=</span>)", shown[1])).decode() if shown else ""
