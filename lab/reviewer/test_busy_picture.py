"""A picture that keeps a decoder busy for minutes of the processor."""

import subprocess
import sys
from pathlib import Path

from tests.reviewer.clean_copy import photos


def test_a_file_that_needs_more_of_the_processor_than_it_may_is_refused_as_such(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(photos.busy_jpeg())
    code = (
        "import pathlib, resource, sys\n"
        "from reviewer.clean_copy.children import Children\n"
        "from reviewer.clean_copy.picture_kind import PictureKind\n"
        "from reviewer.clean_copy.redraw import redraw\n"
        "from reviewer.errors import NoCleanCopy\n"
        "photo = pathlib.Path(sys.argv[1]).read_bytes()\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (5, 5))\n"  # for the decoder as well: two minutes are many here
        "try:\n"
        "    redraw(photo, PictureKind.JPEG, children=Children())\n"
        "except NoCleanCopy as refused:\n"
        "    print(refused)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "photo"], check=True, capture_output=True, text=True, timeout=300
    )
    assert done.stdout.strip() == "what looks at it broke off, or needed more than it may use"
