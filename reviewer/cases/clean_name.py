"""Turns the name that a source's browser sent into a harmless, unique file name.

The original name is kept in the casebook and in the listing beside the saved files. Only the file on disk is
renamed.
"""

import unicodedata

from reviewer.cases.untrusted_names import marked, needs_mark

LONGEST_BYTES = 180
"""Of a name before a number or the mark of an untrusted one is added."""
_LONGEST_ENDING_BYTES = 20
_FORBIDDEN = frozenset('<>:"|?*/\\')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Windows opens a device under any suffix, and a colleague's computer may well run it.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}
    | {f"{port}{place}" for port in ("com", "lpt") for place in "0123456789¹²³"}
)


def clean_name(untrusted_name: str, *, taken: dict[str, int], is_active: bool = False) -> str:
    """A file name without folders, controls, direction marks, device names or leading dots.

    It ends in ``.untrusted`` where ``is_active`` says so (the content could run, or a browser would render it), and
    where one of its endings does. It is added to ``taken``, which holds names in folded case: names that differ in
    case only are one file on some disks. At most 180 bytes of UTF-8, suffix kept. A second file of one name gets a
    number. The last number of each name is kept in ``taken``: a source may send thousands of one name.
    """
    harmless = _harmless(untrusted_name)
    name = _cut(harmless, LONGEST_BYTES)
    if is_active or needs_mark(harmless):  # of the whole name: cutting must not hide an ending
        name = marked(name)
    folded = _folded(name)
    unique, count = name, taken.get(folded, 1)
    while _folded(unique) in taken:
        count += 1
        stem, ending = _parts(name)
        unique = f"{stem} ({count}){ending}"
    taken[folded] = count
    taken.setdefault(_folded(unique), 1)
    return unique


def _harmless(untrusted_name: str) -> str:
    last = untrusted_name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    visible = "".join(
        letter for letter in unicodedata.normalize("NFC", last) if unicodedata.category(letter) not in _INVISIBLE
    )
    name = "".join("_" if letter in _FORBIDDEN else letter for letter in visible)
    name = " ".join(name.split()).strip(" .").lstrip("-~ .")
    if not name:
        return "file"
    return f"_{name}" if _parts(name)[0].partition(".")[0].strip().casefold() in _DEVICES else name


def _parts(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or len(ending.encode()) > _LONGEST_ENDING_BYTES or " " in ending:
        return name, ""
    return stem, dot + ending


def _cut(name: str, limit_bytes: int) -> str:
    stem, ending = _parts(name)
    room = limit_bytes - len(ending.encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + ending


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())
