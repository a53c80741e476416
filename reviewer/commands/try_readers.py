"""``try``: the readers on data of your own. No home is opened; nothing is written or logged."""

import datetime as dt
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from reviewer.clean_copy.children import Children
from reviewer.clean_copy.fingerprints import Fingerprint, fingerprint_of
from reviewer.clean_copy.limits import LARGEST_FILE_BYTES
from reviewer.clean_copy.picture_kind import HEAD_BYTES, PictureKind
from reviewer.clean_copy.redraw import kinds_of
from reviewer.commands.json_lines import BadLine, answer_lines, parse_json
from reviewer.commands.try_supply import digital_link, facilities
from reviewer.errors import NoCleanCopy
from reviewer.matching.calibration import compare_names
from reviewer.reading.reader import MOST_LETTERS, Reading, read_text
from reviewer.terminal.console import notice, output
from system.errors import ProgramError, system_reason
from system.given_files import open_given

_MOST_BYTES = 4 * MOST_LETTERS
_PAIR = 2


@click.group()
def command() -> None:
    """Try the readers on data of your own. No home is opened; nothing is written or logged."""


@command.command("text", epilog="Example: tipline-review try text --region DE --region AT < message.txt")
@click.option("--region", "regions", multiple=True, metavar="CC", help="Home region, as DE; at most five.")
@click.option(
    "--day",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help='Day on which the text came: "yesterday" is the day before it.',
)
@click.option("--language", metavar="TAG", help="Language of the text, as de. [default: as it reads]")
def text(regions: Sequence[str], day: dt.datetime | None, language: str | None) -> None:
    """Print the findings in a text from standard input, one JSON object a line.

    "first" and "length" count code points of the text, from 0. "readings" are normal forms, the likeliest first: a
    date is YYYY-MM-DD/YYYY-MM-DD, its first and its last day; a place is geonames:ID or country:DE.
    """
    reading = _read(_text_from_input(), regions, day.date() if day is not None else None, language)
    for finding in reading.findings:
        output(json.dumps(finding.to_json(), ensure_ascii=True))


def _read(untrusted: str, regions: Sequence[str], day: dt.date | None, language: str | None) -> Reading:
    try:
        reading = read_text(untrusted, regions=regions, day=day, language=_tag(language))
    except ValueError as error:
        raise ProgramError(str(error)) from error
    if reading.has_more:
        notice("warning", "the text holds more than is read: some findings are left out")
    return reading


def _tag(language: str | None) -> str | None:
    """The tag as the readers know it: of ``zh-CN`` the one for Chinese, of ``en-GB`` the one for English."""
    if language is None:
        return None
    wanted = language.strip().lower().replace("_", "-")
    tags = {"zh": "zh-Hans", "fil": "tl", "prs": "fa", "mo": "ro"}
    return tags.get(wanted.partition("-")[0], wanted.partition("-")[0])


def _text_from_input() -> str:
    content = sys.stdin.buffer.read(_MOST_BYTES + 1)
    try:
        untrusted = content.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(content) > _MOST_BYTES:
            raise _too_long() from error
        raise ProgramError(
            f"the text must be UTF-8, and byte {error.start} is not", hint="save the file as UTF-8"
        ) from error
    if len(untrusted) > MOST_LETTERS:
        raise _too_long()
    return untrusted


def _too_long() -> ProgramError:
    return ProgramError(f"a text must have at most {MOST_LETTERS:,} letters", hint="give it in parts")


@command.command("picture", epilog="Example: tipline-review try picture one.jpg other.png")
@click.argument("one", metavar="A", type=click.Path(path_type=Path))
@click.argument("other", metavar="B", type=click.Path(path_type=Path))
def picture(one: Path, other: Path) -> int:
    """Print how far two pictures are apart, as JSON: of 256 bits, how many differ.

    16 bits or fewer are the same picture, changed a little. A quality below 50 says that there is too little to
    see. For a file that is missing or no picture, its quality and the distance are null, "reasons" says why, and
    the exit code is 1.
    """
    prints = [_fingerprint(path) for path in (one, other)]
    first, second = prints
    distance = (
        first.distance(second) if isinstance(first, Fingerprint) and isinstance(second, Fingerprint) else None
    )
    answer: dict[str, object] = {
        "distance": distance,
        "quality": [one.quality if isinstance(one, Fingerprint) else None for one in prints],
    }
    if distance is None:
        answer["reasons"] = [None if isinstance(one, Fingerprint) else one for one in prints]
    output(json.dumps(answer))
    return int(distance is None)


def _fingerprint(path: Path) -> Fingerprint | str:
    """The fingerprint of a picture, or the reason why a file has none."""
    try:
        with open_given(path) as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        return f"the file cannot be read: {system_reason(error)}"
    if len(content) > LARGEST_FILE_BYTES:
        return f"it is larger than {LARGEST_FILE_BYTES >> 20} MiB"
    children = Children()
    (kind,) = kinds_of([content[:HEAD_BYTES]], children=children)
    if not isinstance(kind, PictureKind):
        return kind.value
    try:
        return fingerprint_of(content, kind, children=children)
    except NoCleanCopy as error:
        return str(error)


@command.command("names", epilog="Example: tipline-review try names < pairs.jsonl")
def names() -> int:
    """Print how alike pairs of names from standard input are.

    Each line is a JSON array of two texts. Prints one object a line, in the order of the input: "score" is from 0
    to 1; "question" is yes, weak or no; "reasons" are codes and never quote a name. A line that is no pair gets its
    number and an "error", the other lines go on, and the exit code is 1.
    """
    return answer_lines(_compared)


def _compared(line: str) -> dict[str, object]:
    pair = parse_json(line)
    if not isinstance(pair, list) or len(pair) != _PAIR or not all(isinstance(one, str) for one in pair):
        raise BadLine("not-a-pair-of-texts")
    try:
        compared = compare_names(*pair)
    except ValueError as error:
        raise BadLine("no-letters") from error
    return {"score": compared.score, "question": compared.question, "reasons": compared.reasons}


command.add_command(facilities)
command.add_command(digital_link)
