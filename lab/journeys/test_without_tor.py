"""One journey through the programs as they are installed, without Tor and without a browser.

`scripts/try-python` plays it on every Python of a machine.
"""

import json
from pathlib import Path

from tests.foreign.programs import review, tipline
from tests.tipline.served import ask, send_tip
from tests.tipline.serving import OFF, serving_process
from tests.tipline.site_stage import BOUNDARY, Answer, Upload, multipart
from tipline.instance.folder import SiteFolder

TIP, REPLY = "Они забрали паспорта у всех.", "Мы прочитали. Вы в безопасности?"
PHOTO = Upload("снимок.bin", b"\x89a photo" * 40_000)


class Served:
    """The parts that :func:`serving_process` needs of a server that the commands made."""

    def __init__(self, site: Path, passphrase_file: Path) -> None:
        self.folder = SiteFolder(site)
        self.passphrase_file = passphrase_file


def _post(port: int, path: str, *fields: tuple[str, str]) -> Answer:
    status, headers, page = ask(
        port,
        "POST",
        path,
        multipart(fields),
        Content_Type=f"multipart/form-data; boundary={BOUNDARY}",
        Sec_Fetch_Site="same-origin",
    )
    return Answer(status, list(headers.items()), page)


def test_a_tip_reaches_the_reviewer_and_the_answer_its_source(tmp_path: Path) -> None:
    home, root, site, manifest = (tmp_path / name for name in ("home", "root", "site", "manifest.json"))
    bundles, outbox, answer = (tmp_path / name for name in ("tips.bundles", "outbox", "answer.txt"))
    (passphrase := tmp_path / "passphrase").write_text("operator's passphrase for tests\n")
    unlocked = ("--passphrase-file", passphrase)
    review("init", home, "--root", root, "--organisation", "Example Watch").whole()
    tipline("init", site, "--root-key", root / "root.pub", *unlocked).whole()
    review("servers", "add", home, site / "server.pub").whole()
    review("keys", "issue", home, "--root", root, "--out", manifest).whole()
    tipline("manifest", site, manifest, *unlocked).whole()

    with serving_process(Served(site, passphrase), tmp_path / "said", *OFF) as serving:
        port = int(serving.await_said(r"^address: http://127\.0\.0\.1:(\d+)/$")[1])
        serving.await_said("^ready$")
        words = Answer(200, [], send_tip(port, TIP, [PHOTO])).words
        assert len(words.split()) == 8

        tipline("export", site, "--out", bundles, *unlocked).whole()
        review("import", home, bundles).whole()
        (tip,) = json.loads(review("list", home, "--json").whole())["submissions"]
        shown = json.loads(review("show", home, tip["id"], "--json").whole())
        assert [field["value"] for field in shown["fields"] if field["name"] == "text"] == [TIP]
        review("save", home, tip["id"], "--on-disk", "--to", tmp_path / "case").whole()
        assert (tmp_path / "case" / PHOTO.name).read_bytes() == PHOTO.content

        answer.write_text(REPLY, encoding="utf-8")
        review("reply", home, tip["id"], "--text-file", answer, "--confirm-contents").whole()
        review("outbox", home, "--out", outbox).whole()
        tipline("import", site, outbox, *unlocked).whole()
        assert (
            REPLY not in _post(port, "/mailbox", ("passphrase", "eight words that were never once given here")).text
        )
        mailbox = _post(port, "/mailbox", ("passphrase", words))
        assert mailbox.status == 200
        assert REPLY in mailbox.text
        assert serving.end() == 0
