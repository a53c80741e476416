"""Two submissions of one step of the ladder cannot be told apart by any length, wherever someone looks.

Watched are the answer that a source gets, every column of every new row of the store, the store's files, and the
bundle in which the submission leaves. Through the real site into a real store, with text that compresses well or
badly, and 0 to 20 files.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from crypto.bundles.bundle_file import read_bundle_file
from crypto.submissions.size_classes import padded_length
from tests.tipline.site_stage import Answer, Stage, Upload
from tipline.bundles.exporter import carry_out
from tipline.instance.folder import SiteFolder

KIB = 1024
STEPS = (64 * KIB, 128 * KIB, 1152 * KIB)
"""The smallest step, one of those that double, and the first eighth of an octave."""
AROUND = 3000
"""More than all that stands around the content of a container of 20 files here."""


@dataclass(frozen=True)
class Tip:
    """A message of a source, drawn so that its container ends on a given step."""

    text: str
    files: list[Upload] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def drawn(cls, random: Random, step: int) -> "Tip":
        below = max(one for one in (0, *STEPS, 1024 * KIB) if one < step)
        content_bytes = random.randint(max(1, below), step - AROUND)
        text_bytes = random.choice((0, 1, 100, min(40_000, content_bytes)))
        count = random.choice((0, 1, 2, 20)) if content_bytes - text_bytes < 40_000 else random.randint(1, 20)
        if not count:
            text_bytes = min(45_000, content_bytes)
        text = _text(random, text_bytes)
        left = content_bytes - text_bytes if count else 0
        cuts = sorted(random.choices(range(left + 1), k=max(0, count - 1)))
        sizes = [end - start for start, end in zip([0, *cuts], [*cuts, left], strict=True)][:count]
        files = [Upload(_text(random, random.randint(1, 40)) + ".bin", _bytes(random, size)) for size in sizes]
        choices = [choice for choice in (("urgent", "yes"), ("answer", "no")) if random.random() < 0.4]
        return cls(text or ("" if files else "x"), files, choices)


def _text(random: Random, length: int) -> str:
    """Of letters that are all alike, or that no compressor makes shorter."""
    if random.random() < 0.5:
        return "x" * length
    return "".join(random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=length))


def _bytes(random: Random, length: int) -> bytes:
    return random.choice((bytes(length), random.randbytes(length)))


def send(stage: Stage, tip: Tip) -> Answer:
    nonce = stage.browser.get("/").hidden("nonce")
    return stage.browser.upload("/", [("nonce", nonce), ("text", tip.text), *tip.choices], tip.files)


TABLES = ("submissions", "statements", "receipts", "settings")


def rows_of(stage: Stage) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the small tables, and of every piece its place and length."""
    found = {table: stage.store._small.rows(f"SELECT * FROM {table}") for table in TABLES}  # noqa: S608 -- above
    waiting = stage.store.submissions.waiting()
    found["pieces"] = [
        (one.submission, place, len(piece))
        for one in waiting
        for place, piece in enumerate(stage.store.submissions.pieces(one.submission))
    ]
    return found


def shapes(before: dict[str, list[tuple[Any, ...]]], after: dict[str, list[tuple[Any, ...]]]) -> list[Any]:
    """Of each new row the table and the lengths of its columns; of numbers what they say."""
    return [
        (table, [len(value) if isinstance(value, bytes | str) else value for value in row])
        for table in after
        for row in after[table]
        if row not in before[table]
    ]


def exported(stage: Stage) -> list[int]:
    """The length of each bundle, less the digits of its number."""
    sink = io.BytesIO()
    carry_out(
        sink.write,
        store=stage.store,
        folder=SiteFolder(stage.path),
        policy=stage.policy,
        clock=stage.clock,
    )
    sink.seek(0)
    bundles = enumerate(read_bundle_file(sink), start=1)
    return [sum(map(len, iter(lambda: sealed.read(1 << 20), b""))) - len(str(number)) for number, sealed in bundles]  # noqa: B023 -- read right here


def watched(stage: Stage, tip: Tip) -> dict[str, object]:
    """All lengths that this submission shows to anyone."""
    before = rows_of(stage)
    answer = send(stage, tip)
    assert answer.status == 200
    arrived = shapes(before, rows_of(stage))
    return {
        "answer": (len(answer.body), [(name, len(value)) for name, value in answer.headers]),
        "rows": arrived,
        "bundle": exported(stage)[-1],
    }


@pytest.mark.parametrize("step", STEPS)
def test_submissions_of_one_step_have_all_lengths_in_common(stage: Stage, step: int) -> None:
    random = Random(f"lengths {step}")
    tips = [Tip.drawn(random, step) for _ in range(7)]
    if step == STEPS[0]:
        tips += [Tip("x"), Tip("", [Upload("a", b"")] * 20)]
    # The first bundle of a stream names no bundle before it, whatever is in it: 62 letters less.
    watched(stage, Tip("the first of all"))
    seen = [watched(stage, tip) for tip in tips]
    lengths = {stored.length for stored in stage.store.submissions.waiting()}
    assert lengths == {sealed_length(STEPS[0]), sealed_length(step)}
    assert len({len(tip.files) for tip in tips}) > 2
    assert [one for one in seen if one != seen[0]] == []


def sealed_length(step: int) -> int:
    """Header with four slots, nonce, and a tag for each chunk."""
    assert padded_length(step) == step
    return 6298 + 16 + step + 16 * (step // (64 * KIB))


@pytest.fixture
def stages(tmp_path: Path) -> Iterator[list[Stage]]:
    made = [Stage(tmp_path / name) for name in ("one", "other", "larger") if not (tmp_path / name).mkdir()]
    yield made
    for stage in made:
        stage.close()


def test_the_files_of_two_stores_with_one_submission_each_of_one_step_are_alike(stages: list[Stage]) -> None:
    random = Random("files")
    tips = Tip("x"), Tip(_text(random, 30_000), [Upload("b" * 200, random.randbytes(1000))] * 20)
    for stage, tip in zip(stages, [*tips, Tip("x", [Upload("c", bytes(200_000))])], strict=True):
        assert send(stage, tip).status == 200
    one, other, larger = (
        {path.name: path.stat().st_size for path in stage.path.rglob("*") if path.is_file()} for stage in stages
    )
    assert one == other
    assert one != larger
