"""The runbooks work as they stand: their own commands, real stores, real programs, a source before and after."""

import html
import os
import re
from pathlib import Path

import pytest

from crypto.sharing.shared_item import ENVELOPE_BYTES
from crypto.submissions.submission import Head, Kind, SubmissionWriter
from onion.service_key import ServiceKey
from system.clock import today
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk
from tests.runbook import Runbook
from tests.tipline.served import OPERATOR, ask, send_tip
from tipline.cli import main
from tipline.instance.database_key import ask_database_key
from tipline.instance.folder import SiteFolder
from tipline.instance.open_site import open_site
from tipline.machine.listener import ListenAddress
from tipline.store import Store
from tipline.supervisor.web_process import WebProcess
from tipline.web.order import WebOrder

FORM = {"Content_Type": "application/x-www-form-urlencoded", "Sec_Fetch_Site": "same-origin"}


class Place:
    """An organisation with a server, a reviewer and a source who has written."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.site = desk.folder / "site"
        self.first = ""
        self.stick = desk.folder / "stick"
        self.stick.mkdir()
        self.passphrase_file = desk.folder / "passphrase"
        self.passphrase_file.write_text(OPERATOR + "\n")
        self.tipline("init", self.site, "--root-key", desk.root / "root.pub", "--name", "server-1")
        desk.do("servers", "add", desk.home, self.site / "server.pub")
        manifest = desk.folder / "manifest.json"
        desk.do("keys", "issue", desk.home, "--root", desk.root, "--out", manifest)
        self.tipline("manifest", self.site, manifest)
        self.address = ServiceKey.load_or_make(self.site / "onion" / "public").address

    def tipline(self, command: str, *arguments: str | Path) -> None:
        assert main([command, *map(str, arguments), "--passphrase-file", str(self.passphrase_file)]) == 0

    def web(self, site: Path) -> WebProcess:
        return WebProcess(WebOrder(site, self.key(site), ListenAddress(None, 0), None, behind_tor=False))

    def key(self, site: Path) -> bytes:
        return ask_database_key(SiteFolder(site), str(self.passphrase_file))

    def waiting(self, site: Path) -> int:
        """Tips; what reviewers share has a length of its own here."""
        with Store(SiteFolder(site).store, self.key(site)) as store:
            return sum(one.length != ENVELOPE_BYTES for one in store.submissions.waiting())

    def put(self, text: str, site: Path) -> None:
        """A submission of someone else, who does not come back."""
        with open_site(site, str(self.passphrase_file)) as opened:
            intake = opened.policy.intake()
            head = Head(
                Kind.SUBMISSION,
                os.urandom(16),
                intake.manifest_sha256,
                intake.manifest_version,
                intake.week,
                today(),
            )
            with opened.store.submissions.receive(str(intake.week), intake.manifest_sha256) as arrival:
                writer = SubmissionWriter(arrival.write, to=intake.keys, head=head)
                writer.field("text", text)
                writer.finish(a_mailbox().address())
                arrival.complete()

    def write(self, text: str, site: Path) -> bytes:
        """A source's eight words."""
        with self.web(site) as web:
            assert web.port
            page = send_tip(web.port, text)
        shown = re.search(rb"data-passphrase [^>]*>(.*?)</p>", page, re.DOTALL)
        assert shown
        return b" ".join(re.findall(rb"[a-z]+(?=</span>)", shown[1]))

    def delete(self, text: str, words: bytes, site: Path) -> None:
        """The source ticks this answer and deletes it."""
        with self.web(site) as web:
            assert web.port
            _status, headers, page = ask(
                web.port, "POST", "/mailbox", b"passphrase=" + words.replace(b" ", b"+"), **FORM
            )
            nonce = re.search(r'name="nonce" value="([^"]*)"', page.decode())
            reply = re.search(rf'{re.escape(text)}</p>\s*<label[^>]*><input[^>]* value="(\w+)"', page.decode())
            assert nonce
            assert reply
            body = f"nonce={nonce[1]}&reply={reply[1]}&which=ticked".encode()
            cookie = headers["Set-Cookie"].partition(";")[0]
            assert ask(web.port, "POST", "/mailbox/delete", body, Cookie=cookie, **FORM)[0] == 200

    def come_back(self, words: bytes, site: Path) -> str:
        """The page that the words open."""
        with self.web(site) as web:
            assert web.port
            status, _headers, page = ask(
                web.port, "POST", "/mailbox", b"passphrase=" + words.replace(b" ", b"+"), **FORM
            )
        assert status == 200
        return html.unescape(page.decode())

    def carry(self, site: Path) -> None:
        """A round: tips out, an outbox in."""
        bundles, outbox = self.desk.folder / "tips", self.desk.folder / "outbox"
        self.tipline("export", site, "--out", bundles)
        self.desk.do("import", self.desk.home, bundles)
        self.desk.do("outbox", self.desk.home, "--out", outbox)
        self.tipline("import", site, outbox)

    def texts(self) -> set[str]:
        """All texts that the reviewer has read."""
        shown = [self.desk.show(row["id"])["fields"] for row in self.desk.submissions()]
        return {field["value"] for fields in shown for field in fields if field["name"] == "text"}

    def answer(self, text: str) -> None:
        """To the one who wrote first."""
        (self.desk.folder / "answer").write_text(text)
        self.desk.do(
            "reply", self.desk.home, self.first, "--text-file", self.desk.folder / "answer", "--confirm-contents"
        )


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    desk = Desk(tmp_path, capsys)
    desk.found()
    return Place(desk)


def test_a_server_is_replaced_and_the_words_of_the_old_one_open_their_mailbox_on_the_new(place: Place) -> None:
    desk, new = place.desk, place.desk.folder / "new"
    words = place.write("Written on the old server.", place.site)
    place.carry(place.site)
    place.first = desk.submissions()[0]["id"]
    place.answer("An answer from before.")
    place.carry(place.site)
    place.put("Not carried yet.", place.site)
    place.answer("An answer that waits.")
    runbook = Runbook(
        "replace-a-server.md",
        desk.folder,
        {
            "OLD": str(place.site),
            "NEW": str(new),
            "OLD_NAME": "server-1",
            "NEW_NAME": "server-2",
            "STICK": str(place.stick),
            "REVIEW": str(desk.home),
            "ROOT": str(desk.root),
        },
        place.passphrase_file,
    )
    make, both, move, carry, end = runbook.headings()
    runbook.do(make)
    runbook.do(both)
    page = place.come_back(words, new)  # during the change-over both know all answers
    assert "An answer from before." in page
    assert "An answer that waits." in page
    place.delete("An answer from before.", words, place.site)
    place.put("To the new one, while both are there.", new)
    assert place.address in runbook.do(move)
    assert (desk.folder / "asked-of-systemd").read_text() == "disable --now tipline\n"
    assert ServiceKey.load(new / "onion" / "public").address == place.address
    runbook.do(carry)
    assert place.waiting(place.site) == 0
    place.carry(new)
    assert place.texts() == {
        "Written on the old server.",
        "Not carried yet.",
        "To the new one, while both are there.",
    }
    runbook.do(end)
    assert [server["name"] for server in desk.json("servers", "list", desk.home)["servers"]] == ["server-2"]
    place.put("After the old one has ended.", new)
    place.answer("The last answer.")
    place.carry(new)
    page = place.come_back(words, new)
    assert "The last answer." in page
    assert "An answer that waits." in page
    assert "An answer from before." not in page, "deleted on the old one, withdrawn from the new one"
    desk.backup()
    place.carry(new)
    assert place.waiting(new) == 0
    assert not place.site.exists()


def test_what_a_removed_server_still_sends_is_refused(place: Place) -> None:
    desk = place.desk
    place.put("Too late.", place.site)
    place.tipline("export", place.site, "--out", desk.folder / "late")
    desk.do("servers", "remove", desk.home, "server-1")
    assert desk.run("import", desk.home, desk.folder / "late") == 1
    assert desk.submissions() == []


def test_server_and_reviewer_come_back_on_new_machines(place: Place) -> None:
    desk, new = place.desk, place.desk.folder / "new"
    words = place.write("Carried before the backup.", place.site)
    place.carry(place.site)
    place.first = desk.submissions()[0]["id"]
    place.answer("An answer from before.")
    place.carry(place.site)
    place.put("Only on the server, and in its backup.", place.site)
    runbook = Runbook(
        "restore-on-a-new-machine.md",
        desk.folder,
        {
            "SITE": str(place.site),
            "NEW_SITE": str(new),
            "SERVER": "server-1",
            "REVIEW": str(desk.home),
            "NEW_REVIEW": str(desk.folder / "review-again"),
            "REVIEWER": "reviewer",
            "STICK": str(place.stick),
            "ROOT": str(desk.root),
        },
        place.passphrase_file,
    )
    back_up, make_server, confirm_server, make_reviewer, confirm_reviewer = runbook.headings()
    runbook.do(back_up)
    # What happens after the backup, and is not to be lost where it was carried.
    place.put("After the backup, carried.", place.site)
    place.carry(place.site)
    place.answer("An answer that the backup does not know.")
    place.carry(place.site)
    assert place.address in runbook.do(make_server)
    runbook.do(confirm_server)
    assert place.texts() == {
        "Carried before the backup.",
        "Only on the server, and in its backup.",
        "After the backup, carried.",
    }
    page = place.come_back(words, new)
    assert "An answer from before." in page
    assert "An answer that the backup does not know." in page
    assert place.waiting(new) == 0  # receipted once more, and deleted
    runbook.do(make_reviewer)
    runbook.do(confirm_reviewer)
    desk.home = desk.folder / "review-again"
    place.put("To the reviewer on the new machine.", new)
    place.carry(new)
    assert "To the reviewer on the new machine." in place.texts()
    assert sum(not row["may_be_shared"] for row in desk.submissions()) == 4
