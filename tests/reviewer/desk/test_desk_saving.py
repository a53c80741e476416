"""Saving at the desk: proposed in memory, confirmed twice for a disk, listed and destroyed."""

import re
import shutil
from pathlib import Path

from system.memory_folders import lies_in_memory
from tests.fakes_server import a_mailbox
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.template_rules import faults

FIELD = re.compile(r'<input id="(?:clean-)?folder" name="folder" value="([^"]*)"')


def test_the_proposed_folders_lie_in_memory_and_a_disk_is_written_at_the_second_press_only(
    desk: Desk, on_disk: Path
) -> None:
    files = [("photo.jpg", "image/jpeg", photos.jpeg()), ("page.html", "text/html", b"<script>")]
    (short_id,) = desk.take_in(desk.server.seal(files=files, mailbox=a_mailbox()))
    case = on_disk / "case"
    with open_desk(desk.home) as opened:
        tip = opened.page(f"/tip/{short_id}")
        proposed = [Path(value) for value in FIELD.findall(tip)]
        assert len(proposed) == 2
        assert all(lies_in_memory(folder) and not folder.is_relative_to(Path.home()) for folder in proposed)
        for path, fields in (("save", {}), ("save-clean", {"leave_out": "yes"})):
            warned = opened.post(f"/tip/{short_id}/{path}", folder=str(case), **fields)
            assert warned.status_code == 422
            assert "does not lie in memory" in seen(warned.text)
            assert f'name="on_disk" value="{case}"' in warned.text
            assert not faults(warned.text, source=False)
            # The press counts for the folder that the warning named.
            other = opened.post(f"/tip/{short_id}/{path}", folder=f"{case}-2", on_disk=str(case), **fields)
            assert other.status_code == 422
            assert not case.exists()
        saved = opened.post(f"/tip/{short_id}/save", folder=str(case), on_disk=str(case))
        assert saved.status_code == 200
        assert "page.html.untrusted" in seen(saved.text)
        assert "could run" in seen(saved.text)
        assert "1 saved folder" in seen(opened.page("/"))
        in_memory = opened.post(f"/tip/{short_id}/save", folder=str(proposed[0]))
        try:
            assert in_memory.status_code == 200
            listed = opened.page("/saved")
            assert not faults(listed, source=False)
            assert f"{case} tip {short_id}, as it came" in seen(listed)
            assert seen(listed).count("on a disk") == 1
            numbers = re.findall(r"/saved/(\d+)/destroy", listed)
            destroyed = [opened.post(f"/saved/{number}/destroy") for number in numbers]
        finally:
            shutil.rmtree(proposed[0], ignore_errors=True)
        assert "A disk may still hold them" in seen(destroyed[0].text)
        assert "nothing of them was on a disk" in seen(destroyed[1].text)
        assert not case.exists()
        again = opened.post(f"/saved/{numbers[0]}/destroy")
        assert again.status_code == 422
        assert "no saved folder has this number" in seen(again.text)
        assert "saved folder" not in seen(opened.page("/"))
