"""A desk with two factories, and tips from the voice form that tell of the first."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from crypto.questions.builtin_questionnaires import builtin_files, read_questionnaire
from crypto.submissions.submission import Kind
from reviewer.diligence.releasing import TO_RENEW
from reviewer.diligence.sources import UNDECIDED
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk
from tests.reviewer.facilities.chain_stage import QUILLON, ChainDesk

Answer = tuple[str, str]
YES = (("to_company", "yes"), ("to_authority", "yes"))
DEBT = ("debt", "yes")
SENTENCE = "Workers told us that they have to work to pay back a debt."
CANARIES = (
    *(
        "zanzibarquux",
        "the foreman with the red motorcycle",
        "4477012",
        "+44 7700 900123",
        "2026-08-17",
        "17 August",
    ),
    *("rota-of-hall-nine.pdf", "hall nine", "17 August", "Tagalog", "tl", "005724", "fifteen", "night shift"),
)
TELLING = (
    "Message zanzibarquux: the foreman with the red motorcycle keeps badge 4477012. Call +44 7700 900123. It began"
    " on 17 August (2026-08-17) in hall nine, on the night shift. I am fifteen."
)


class VoiceDesk:
    """A desk with a list of two factories and 60 workers known at the first."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.chain = desk, ChainDesk(desk)
        self._sent = 0
        self.workers(60)

    def workers(self, count: int) -> None:
        told = self.desk.json("supply", "workers", self.desk.home, QUILLON, str(count), "--source", "an audit")
        assert (told["facility"], told["workers"]) == (QUILLON, count)

    def tips(
        self,
        *answers: Sequence[Answer],
        mailbox: int = 0,
        text: str = "",
        form: str = "voice",
        days_later: int = 0,
        digest: str = "",
    ) -> list[str]:
        """Tips from ``voice``, each from a mailbox of its own, or all from one."""
        digest = digest or read_questionnaire(builtin_files()[form]).sha256.hex()
        assert self.desk.server.manifest is not None
        monday = self.desk.server.manifest.manifest.intake[0].week.monday
        envelopes = []
        for some in answers:
            self._sent += 1
            fields = [("text", f"{text or 'Letter'} {self._sent}."), ("language", "tl")]
            fields += [("door", form), ("questions", digest), *((f"q:{key}", value) for key, value in some)]
            envelopes.append(
                self.desk.server.seal(
                    fields=fields,
                    files=[("rota-of-hall-nine.pdf", "application/pdf", b"%PDF-1.4")] if text else (),
                    mailbox=a_mailbox(mailbox or self._sent),
                    submission_id=self._sent.to_bytes(16, "big"),
                    day=monday + dt.timedelta(days=days_later),
                )
            )
        return self.desk.take_in(*envelopes)

    def accepted(self, *answers: Sequence[Answer], text: str = "", form: str = "voice") -> None:
        for tip in self.tips(*answers, text=text, form=form):
            self.chain.link(tip)

    def unlink(self, tip: str) -> None:
        assert self.desk.json("supply", "unlink", self.desk.home, tip, QUILLON)["tip"] == tip

    def told_again(self, reader: str = "company") -> None:
        """A person decides on the refusal that left, and releases the sentence again."""
        settle = ("supply", "settle", self.desk.home, QUILLON, "--for", reader)
        assert self.sentences(reader) == []
        assert UNDECIDED in self.why_held(reader)
        assert self.tell(reader) == 1, "a no that was undone holds until a person decides"
        assert self.desk.run(*settle) == 1, "a decision has a reason"
        assert self.desk.json(*settle, "--because", "of another gate")["for"] == reader
        assert self.sentences(reader) == [], "the decision tells nothing by itself"
        assert TO_RENEW in self.why_held(reader)
        assert self.tell(reader) == 0
        assert self.sentences(reader) == [SENTENCE]
        assert self.desk.run(*settle, "--because", "twice") == 1, "no decision is waiting"

    def words_known(self, mailbox: int) -> None:
        """In this mailbox "someone may have my words" is pressed."""
        self._sent += 1
        fields = [("act", "words-known"), ("mailbox", a_mailbox(200).address().to_bytes().hex())]
        number = self._sent.to_bytes(16, "big")
        self.desk.take_in(
            self.desk.server.seal(kind=Kind.ACT, fields=fields, mailbox=a_mailbox(mailbox), submission_id=number)
        )

    def tell(self, reader: str = "company", indicator: str = "debt_bondage") -> int:
        words = (
            "supply",
            "tell",
            self.desk.home,
            QUILLON,
            indicator,
            "--for",
            reader,
            "--because",
            "all were asked",
        )
        return self.desk.run(*words)

    def looked_at(self, reader: str) -> dict[str, Any]:
        told: dict[str, Any] = self.desk.json("supply", "report", self.desk.home, QUILLON, "--for", reader)
        return told

    def sentences(self, reader: str) -> list[str]:
        return [one["sentence"] for one in self.looked_at(reader)["would_leave"]["findings"]]

    def why_held(self, reader: str) -> list[str]:
        """Why the sentences of this reader are held back."""
        return [why for one in self.looked_at(reader)["held_back"] for why in one["why"]]

    def send(self, name: str, reader: str = "company", *asked: str) -> int:
        words = ("supply", "report", self.desk.home, QUILLON, "--for", reader, "--to", "Example Brand")
        code = ("--code", self.looked_at(reader)["code"])
        return self.desk.run(*words, *asked, "--out", self.desk.folder / name, "--on-disk", *code)
