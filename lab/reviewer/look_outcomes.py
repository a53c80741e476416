"""How looks at hostile files end, for tests that look at many of them."""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Final

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.clean_copy.trace import Trace
from reviewer.errors import CannotLook
from reviewer.terminal.plain_text import plain_lines
from reviewer.viewers.looked_file import LookedFile
from reviewer.viewers.own_viewers import noted_traces
from reviewer.viewers.viewing import See

SECRET_WORDS: Final = "the words of a key"
_CONTROLS: Final = frozenset(map(chr, (*range(32), *range(127, 160))))


def outcome_of(content: bytes, children: Children) -> str:
    """How a look at it ended, in a word; fails where anything but pixels, text or samples came out."""
    _require_traces_by_kind(content, children)
    try:
        looked = LookedFile(MemoryFile(content), children=children)
    except CannotLook:
        return "refused"
    try:
        overview = looked.overview(children=children)
        if overview.pictures:
            picture = looked.picture(1, see=See.COLOUR, children=children)
            assert picture.startswith(b"\x89PNG")
            assert len(picture) <= 16 << 20
        if overview.sound_parts:
            sound = looked.sound(1, children=children)
            assert sound.startswith(b"RIFF")
        if overview.untrusted_text is not None:
            assert SECRET_WORDS not in overview.untrusted_text
            assert len(overview.untrusted_text) <= 1 << 20
            assert not any(_CONTROLS.intersection(line) for line in plain_lines(overview.untrusted_text))
    except CannotLook:
        return "refused"
    finally:
        looked.close()
    return "shown"


def _require_traces_by_kind(content: bytes, children: Children) -> None:
    """The process that tells of its traces before it leaves names kinds, or refuses."""
    with suppress(CannotLook), MemoryFile(content) as file:
        assert noted_traces(file, children=children) <= set(Trace)


def snapshot(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
