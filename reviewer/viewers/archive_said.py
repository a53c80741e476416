"""The sentences of an archive's list in the language of staff.

The list comes from a sandboxed process, in English. Only a line that is exactly one of its sentences is replaced;
a line that names an entry begins with a size, and stays as it is.
"""

import re
from typing import Final

from reviewer.languages.staff_language import said, without_isolates

_COUNTED: Final = re.compile(r"(ZIP|RAR or 7z) archive: ([0-9,]{1,15}) entries, ([0-9,]{1,30}) bytes when unpacked")
_TAR: Final = re.compile(r"tar archive: ([0-9,]{1,15}) entries( and more)?")
_ONE: Final = re.compile(r"One file, packed with (gzip|bzip2|xz); its content is not shown\.")
_MORE: Final = re.compile(r"\[([0-9,]{1,15}) more entries are not shown\.\]")
_HEAD_LINES: Final = 2


def said_archive(untrusted_list: str) -> str:
    """The list with its first two lines and its last one in the language of staff."""
    lines = untrusted_list.split("\n")
    for place in {*range(min(_HEAD_LINES, len(lines))), len(lines) - 1}:
        lines[place] = without_isolates(_said_line(lines[place]))
    return "\n".join(lines)


def _said_line(line: str) -> str:
    if found := _COUNTED.fullmatch(line):
        kind = said("RAR or 7z") if found[1] != "ZIP" else found[1]
        return said(
            "%(kind)s archive: %(count)s entries, %(bytes)s bytes when unpacked",
            kind=kind,
            count=found[2],
            bytes=found[3],
        )
    if found := _TAR.fullmatch(line):
        if found[2]:
            return said("tar archive: %(count)s entries and more", count=found[1])
        return said("tar archive: %(count)s entries", count=found[1])
    if found := _ONE.fullmatch(line):
        return said("One file, packed with %(program)s; its content is not shown.", program=found[1])
    if found := _MORE.fullmatch(line):
        return said("[%(count)s more entries are not shown.]", count=found[1])
    return said("Some entries need a password.") if line == "Some entries need a password." else line
