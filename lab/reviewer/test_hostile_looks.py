"""A hundred hostile files are looked at: each is shown as pixels, text or samples, or refused with a reason."""

import io
from pathlib import Path

import pytest
from PIL import Image

from lab.reviewer.look_outcomes import SECRET_WORDS, outcome_of, snapshot
from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.errors import CannotLook
from reviewer.viewers.looked_file import LookedFile
from reviewer.viewers.viewing import See
from tests.reviewer.clean_copy import photos
from tests.reviewer.viewers.hostile import bombs, damaged, reaching_out, sound_files


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    (home / "key.txt").write_text(SECRET_WORDS, encoding="ascii")
    (home / "secret.png").write_bytes(photos.encoded(photos.board(), "PNG"))
    return home / "secret.png"


def test_a_hundred_hostile_files_are_shown_or_refused_and_change_nothing(secret: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    files = [*damaged(sound_files(made)), *reaching_out(secret), *bombs()]
    assert len(files) >= 100
    before = snapshot(tmp_path)
    children = Children()
    outcomes = {name: outcome_of(content, children) for name, content in files}
    assert set(outcomes.values()) == {"shown", "refused"}, outcomes
    assert children.process_ids() == []
    assert snapshot(tmp_path) == before


def test_a_document_that_names_another_file_shows_nothing_of_it(secret: Path) -> None:
    children = Children()
    for name, content in reaching_out(secret):
        looked = LookedFile(MemoryFile(content), children=children)
        try:
            overview = looked.overview(children=children)
            if overview.pictures and name.startswith("an "):
                assert not photos_of_the_secret(looked, children), name
        except CannotLook:
            continue
        finally:
            looked.close()


def photos_of_the_secret(looked: LookedFile, children: Children) -> bool:
    """True if the green of the secret picture is on the first page."""
    made = looked.picture(1, see=See.COLOUR, children=children)
    picture = Image.open(io.BytesIO(made)).convert("RGB")
    return any(green > 150 > 90 > red for _count, (red, green, _blue) in picture.getcolors(1 << 24) or [])
