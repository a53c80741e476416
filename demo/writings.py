"""The texts of the source and of staff in the walkthrough, each with a unique word."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from demo.canary import Canary

MIB = 1024 * 1024
LARGE_FILE_BYTES = 5 * MIB
TOKEN_EVERY_BYTES = 64 * 1024
CYRILLIC = "абвгдежзиклмнопрстуфхцчшэюя"


@dataclass(frozen=True, slots=True)
class Writings:
    """Texts, files and the tokens in them, new for each walkthrough."""

    text: str
    follow_up: str
    reply: str
    files: tuple[Path, Path]
    canaries: tuple[Canary, ...]

    @classmethod
    def make(cls, folder: Path) -> Self:
        """Write the two files into ``folder`` and make up the rest."""
        token = {name: secrets.token_hex(8) for name in ("text", "recording", "report", "follow_up", "reply")}
        letters = "".join(secrets.choice(CYRILLIC) for _ in range(10))
        recording, report = folder / "recording.bin", folder / f"доклад-{letters}.txt"
        recording.write_bytes(_recording(token["recording"].encode()))
        report.write_text(f"Смена начинается в шесть. Пометка {token['report']}.\n" * 40, encoding="utf-8")
        return cls(
            text="Seven people sleep behind the packing hall and may not leave.\n"
            f"Their papers are in the office. They are driven away on Sundays. Mark {token['text']}.\n"
            "Пожалуйста, помогите.",
            follow_up=f"The car comes at five in the morning now. Mark {token['follow_up']}.",
            reply=f"Thank you. We have understood where it is. Do not go there alone. Mark {token['reply']}.",
            files=(recording, report),
            canaries=(
                Canary.of_text("the text", token["text"]),
                Canary.of_text("the file of 5 MiB", token["recording"]),
                Canary.of_text("the file in Cyrillic", token["report"]),
                Canary.of_text("its name", letters),
                Canary.of_text("the follow-up", token["follow_up"]),
                Canary.of_text("the reply", token["reply"]),
            ),
        )


def _recording(token: bytes) -> bytes:
    """Noise that does not compress, with the token in it every 64 KiB."""
    noise = secrets.token_bytes(TOKEN_EVERY_BYTES - len(token))
    return (token + noise) * (LARGE_FILE_BYTES // TOKEN_EVERY_BYTES)
