"""``look``: what is in one file of a submission, without opening the file on this machine's desktop."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TypeAlias

import click

from reviewer.casebook.numbered_files import numbered_files
from reviewer.casebook.saved_folders import LOOK_SAVED, LOOKED_AT
from reviewer.casebook.submission import Submission
from reviewer.cases.look import LookedTipFile
from reviewer.cases.numbered_files import numbered_file
from reviewer.cases.saving_place import written_folder
from reviewer.clean_copy.children import Children
from reviewer.commands.at_home import FOLDER, JSON, at_home
from reviewer.files.memory_only import require_in_memory
from reviewer.home.home import Home
from reviewer.people.given_look import LookedGiven
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line, plain_lines
from reviewer.viewers.looked_file import FileOverview, LookedFile
from reviewer.viewers.mail import Mail
from reviewer.viewers.viewing import See
from system.clock import today
from system.errors import ProgramError

_MODE = 0o600

Writing: TypeAlias = Callable[[Path], AbstractContextManager[Path]]
"""A context with a new folder beside the one that is named, which gets its place at the end."""

OUT = click.option(
    "--out",
    "folder",
    type=FOLDER,
    help="For pictures and sound: a folder in memory that does not exist yet, such as /dev/shm/look.",
)
SEE = click.option(
    "--see",
    type=click.Choice([see.value for see in See]),
    default=See.BLURRED.value,
    show_default=True,
    help="Pictures small, grey and blurred; sharp and grey; or sharp and in colour.",
)
FIRST = click.option("--from", "first", type=click.IntRange(min=1), default=1, help="Begin with this page.")
PAGES = click.option(
    "--pages", type=click.IntRange(1, 100), default=10, show_default=True, help="Draw at most this many."
)


@click.command(epilog="Example: tipline-review look ~/review 3f9a1c02 2 --out /dev/shm/look")
@at_home
@click.argument("submission_id", metavar="ID")
@click.argument("number", metavar="[FILE]", required=False)
@OUT
@SEE
@FIRST
@PAGES
@JSON
def command(
    home: Home,
    submission_id: str,
    number: str | None,
    folder: Path | None,
    see: str,
    first: int,
    pages: int,
    as_json: bool,
) -> None:
    """Show one FILE of a submission, by its number, or list the files with their numbers.

    Sandboxed viewers read the file. Text, e-mail and lists of archives are printed. Pictures, pages, stills and
    sound are written to the folder in memory as new files; the file itself is not.
    """
    from reviewer.linking.masked_in_tip import masked_in_file

    submission = home.casebook.submissions.find(submission_id)
    if number is None:
        _list(home, submission, as_json=as_json)
        return
    chosen = numbered_file(home, submission, number)
    file = LookedTipFile(home, submission, chosen)
    listed = partial(_listed_folder, home, submission)
    print_looked(file, folder, See(see), first=first, pages=pages, as_json=as_json, writing=listed)
    if folder is None:
        return
    masked = masked_in_file(home, submission, chosen.file.sha256, children=Children(), today=today())
    if masked is not None:
        notice("warning", f"file {number} shows a picture of {masked}, and no mask hides it in that folder")


def print_looked(
    file: LookedTipFile | LookedGiven,
    folder: Path | None,
    see: See,
    *,
    first: int,
    pages: int,
    as_json: bool,
    writing: Writing,
) -> None:
    """Print the text of a file, or write its pictures and sound into a folder in memory.

    Raises:
        CannotLook, CasebookError, CutShort, ProgramError: as :func:`reviewer.cases.look.look_at`.
    """
    if folder is not None:
        require_in_memory(folder)
    children = Children()
    looked = file.open(children=children, today=today())
    try:
        overview = looked.overview(children=children)
        names: list[str] = []
        if overview.pictures or overview.sound_parts:
            if folder is None:
                raise ProgramError(
                    f"this is {overview.kind.value}, and a terminal shows text only",
                    hint="--out /dev/shm/look writes its pictures and sound into memory",
                )
            with writing(folder) as beside:
                names = _write(looked, overview, beside, see=see, first=first, pages=pages, children=children)
    finally:
        looked.close()
    _tell(file.key[1], overview, folder, names, as_json=as_json)


def _list(home: Home, submission: Submission, *, as_json: bool) -> None:
    files = list(numbered_files(home.casebook, submission))
    if as_json:
        listed = [{"file": one.number, "name": one.file.name, "bytes": one.file.length_bytes} for one in files]
        output(json.dumps({"id": submission.short_id, "files": listed}, indent=2))
        return
    for one in files:
        output(f"{one.number:<6} {one.file.length_bytes:>12,} bytes  {plain_line(one.file.name)}")
    output(f"{len(files)} files" if files else "no files")


def _write(
    looked: LookedFile,
    overview: FileOverview,
    beside: Path,
    *,
    see: See,
    first: int,
    pages: int,
    children: Children,
) -> list[str]:
    names = []
    for page in range(first, min(first + pages, overview.pictures + 1)):
        names.append(f"picture-{page}.png")
        _write_one(beside / names[-1], looked.picture(page, see=see, children=children))
    for part in range(1, overview.sound_parts + 1):
        names.append(f"sound-{part}.wav")
        _write_one(beside / names[-1], looked.sound(part, children=children))
    return names


@contextmanager
def _listed_folder(home: Home, submission: Submission, folder: Path) -> Iterator[Path]:
    """A folder that is listed among those with readable files, until it is destroyed."""
    with written_folder(home, submission, folder, LOOKED_AT, on_disk=False, today=today()) as written:
        yield written.beside
        written.keep(act=LOOK_SAVED, today=today())


def _write_one(path: Path, content: bytes) -> None:
    with path.open("xb") as sink:
        path.chmod(_MODE)
        sink.write(content)


def _tell(number: str, overview: FileOverview, folder: Path | None, names: list[str], *, as_json: bool) -> None:
    if as_json:
        told = {
            "file": number,
            "kind": overview.kind.name.lower(),
            "pictures": overview.pictures,
            "sound_parts": overview.sound_parts,
            "text": overview.untrusted_text,
            "mail": asdict(overview.mail) if overview.mail else None,
            "is_cut": overview.is_cut,
            "written": names,
        }
        output(json.dumps(told, indent=2))
        return
    output(f"file {number}: {overview.kind.value}")
    if overview.untrusted_text is not None:
        for line in plain_lines(overview.untrusted_text):
            output(line)
    if overview.mail is not None:
        _print_mail(overview.mail)
    if overview.is_cut:
        output("the rest is not shown: more than 1 MB of text")
    for name in names:
        output(f"{folder}/{name}")
    if overview.pictures:
        output(f"{overview.picture_name.lower()}s in it: {overview.pictures:,}")
    if names:
        notice("hint", f"destroy {folder} when you have seen them; they are readable there until then")


def _print_mail(mail: Mail) -> None:
    """Print an e-mail; its words are behind bars, so that none passes for a line of ours."""
    for name, value in mail.heads:
        output(f"{name}: {plain_line(value)}")
    for one in mail.parts:
        if one.length_bytes is None:
            output(f"part {one.number}: {one.kind}")
        else:
            name = plain_line(one.untrusted_name) or "without a name"
            output(f"attachment {one.number}: {one.kind}, {one.length_bytes:,} bytes; not opened; {name}")
        for line in plain_lines(one.untrusted_words) if one.untrusted_words else ():
            output(line)
    if mail.more:
        output(f"parts that are not shown: {mail.more:,}")
