"""``tipline-seal``: one file whose length tells nothing, for keys whose owner is known, or nothing at all."""

import datetime as dt
import hashlib
import io
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from crypto.keys import minisign
from crypto.keys.keys import RootSigningKey, SealedSecretKey
from crypto.manifests.issued_keys import SealedQuarter
from crypto.manifests.recipient_file import recipient_file, sign_recipients
from crypto.primitives.week import Quarter
from crypto.submissions.sealed_file import open_sealed_file
from crypto.submissions.submission import SMALLEST_BYTES
from sealer.command import run
from sealer.recipients import read_recipients
from system.errors import ProgramError
from tests.crypto.collected import Collected

ROOT = RootSigningKey.generate()
KEYS = [SealedSecretKey.generate() for _ in range(4)]
TODAY = dt.datetime.now(dt.UTC).date()
QUARTER = Quarter.of(TODAY)
# What an installation without extras lacks, and what the server or the reviewer would bring.
OUT_OF_REACH = """
import sys
LACKING = "flask flask_babel werkzeug gunicorn httpx stem sqlcipher3 bleach markdown_it onion reviewer".split()
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in LACKING:
            raise ImportError(name)
sys.meta_path.insert(0, Finder())
from sealer.command import main
sys.exit(main(sys.argv[1:]))
"""


class Table:
    """A folder with what a helper organisation has: recipients, their signature, the root key, two files."""

    def __init__(self, folder: Path, captured: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.out = folder / "sealed.age"
        self.recipients = folder / "recipients.txt"
        self.signature = folder / "recipients.txt.minisig"
        self.root = folder / "root.pub"
        self.photo = folder / "photo.jpg"
        self.film = folder / "фильм.mp4"
        self.told = self.said = ""
        self._captured = captured
        self.publish(QUARTER)
        self.root.write_bytes(minisign.public_key_file(ROOT.verify_key()))
        self.photo.write_bytes(b"\xff\xd8 a photo")
        self.film.write_bytes(hashlib.shake_128(b"film").digest(300_001))

    def publish(self, quarter: Quarter, *, by: RootSigningKey = ROOT) -> None:
        entry = sign_recipients(SealedQuarter(quarter, tuple(key.public_key() for key in KEYS)), root=by)
        self.recipients.write_bytes(recipient_file(entry))
        self.signature.write_bytes(entry.signature_file())

    def run(self, *arguments: str | Path, root: bool = True) -> int:
        checked = ("--root-key", self.root) if root else ()
        self._captured.readouterr()
        # Not `main`, which forbids this very process any connection, for ever.
        code = run(list(map(str, ("--to", self.recipients, *checked, "--out", self.out, *arguments))))
        self.told, self.said = self._captured.readouterr()
        return code

    def opened(self, key: SealedSecretKey = KEYS[0]) -> list[list[object]]:
        into = Collected()
        found = open_sealed_file(io.BytesIO(self.out.read_bytes()), keys=[key], into=into, plain_name="")
        assert found.head is not None
        assert TODAY <= found.head.day <= dt.datetime.now(dt.UTC).date()  # midnight may come in between
        return into.events

    def left(self) -> set[str]:
        """Files beside those that were there before."""
        known = {self.recipients, self.signature, self.root, self.photo, self.film}
        return {path.name for path in set(self.folder.iterdir()) - known}


@pytest.fixture
def table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Table:
    return Table(tmp_path, capsys)


@pytest.mark.parametrize("key", KEYS)
def test_text_and_files_come_back_with_each_of_the_four_keys(table: Table, key: SealedSecretKey) -> None:
    (table.folder / "words.txt").write_text("Слова.", encoding="utf-8")
    assert table.run("--text-file", table.folder / "words.txt", table.photo, table.film) == 0
    contents = [(path.name, path.read_bytes()) for path in (table.photo, table.film)]
    assert table.opened(key) == [
        ["field", "text", "Слова."],
        *(
            ["file", name, media_type, len(content), hashlib.sha256(content).hexdigest()]
            for (name, content), media_type in zip(contents, ("image/jpeg", "video/mp4"), strict=True)
        ),
    ]
    assert "signature checked" in table.told
    assert table.said == ""
    assert stat.S_IMODE(table.out.stat().st_mode) == 0o600


def test_size_tells_a_class_and_neither_number_nor_names_nor_lengths_of_files(table: Table) -> None:
    """With a text, with one file, with twenty, compressible or not: one length."""
    lengths = set()
    few = [table.folder / f"{place}.bin" for place in range(20)]
    for place, path in enumerate(few):
        path.write_bytes(bytes(1_000) if place % 2 else hashlib.shake_128(path.name.encode()).digest(1_000))
    (table.folder / "words.txt").write_text("x" * 5_000, encoding="utf-8")
    for arguments in ([table.photo], few, few[:3], ["--text-file", table.folder / "words.txt"]):
        assert table.run(*arguments) == 0
        lengths.add(table.out.stat().st_size)
        table.out.unlink()
    assert lengths == {SMALLEST_BYTES}


def test_the_root_key_may_be_the_line_that_begins_with_rw(table: Table) -> None:
    line = table.root.read_text().splitlines()[1]
    assert line.startswith("RW")
    assert table.run("--root-key", line, table.photo, root=False) == 0
    assert "signature checked" in table.told


def test_a_signature_that_nobody_checked_is_told_loudly(table: Table) -> None:
    table.signature.unlink()
    assert table.run(table.photo, root=False) == 0
    assert "WAS NOT CHECKED" in table.said
    assert "signature NOT CHECKED" in table.told
    assert len(table.opened()) == 1


@pytest.mark.parametrize("fault", ["another root", "another file", "no signature", "no recipients", "cut"])
def test_recipients_that_the_root_did_not_sign_are_refused(table: Table, fault: str) -> None:
    match fault:
        case "another root":
            table.publish(QUARTER, by=RootSigningKey.generate())
        case "another file":
            signature = table.signature.read_bytes()
            table.publish(QUARTER.next())
            table.signature.write_bytes(signature)
        case "no signature":
            table.signature.unlink()
        case "no recipients":
            table.recipients.unlink()
        case _:
            table.recipients.write_bytes(table.recipients.read_bytes()[:-1])
    assert table.run(table.photo) == 1
    assert "tipline-seal: error: " in table.said
    assert "tipline-seal: hint: " in table.said
    assert not table.left()


def test_recipients_that_are_over_are_refused_and_those_to_come_are_not(table: Table) -> None:
    table.publish(Quarter(QUARTER.year - 1, QUARTER.number))
    assert table.run(table.photo) == 1
    assert f"good until {QUARTER.year - 1}-" in table.said
    assert not table.left()
    table.publish(QUARTER.next())
    assert table.run(table.photo) == 0


def test_the_last_day_is_the_last_one(table: Table) -> None:
    last_day = QUARTER.last_day
    assert read_recipients(table.recipients, root=None, today=last_day).quarter == QUARTER
    with pytest.raises(ProgramError, match="which is over"):
        read_recipients(table.recipients, root=None, today=last_day + dt.timedelta(days=1))


def test_nothing_half_written_is_left_when_a_file_cannot_be_read(table: Table) -> None:
    unreadable = Path("/proc/self/mem")  # opens, and fails at its first byte
    assert unreadable.is_file()
    assert table.run(table.film, unreadable) == 1
    assert "cannot read /proc/self/mem" in table.said
    assert not table.left()


def test_an_output_that_is_there_is_never_overwritten(table: Table) -> None:
    table.out.write_bytes(b"mine")
    assert table.run(table.photo) == 1
    assert table.out.read_bytes() == b"mine"


def test_a_folder_and_a_missing_file_are_refused_before_anything_is_written(table: Table) -> None:
    assert table.run(table.photo, table.folder) == 1
    assert "is a folder" in table.said
    assert table.run(table.photo, table.folder / "nothing") == 1
    assert "is not there" in table.said
    assert not table.left()


@pytest.mark.parametrize("text", [b"x" * (256 * 1024 + 1), b"\xff\xfe"], ids=["too long", "not UTF-8"])
def test_a_text_that_cannot_be_one_is_refused_with_what_to_do(table: Table, text: bytes) -> None:
    (table.folder / "words.txt").write_bytes(text)
    assert table.run("--text-file", table.folder / "words.txt") == 1
    assert "seal it as a file" in table.said
    assert not table.out.exists()


def test_nothing_to_seal_is_wrong_usage(table: Table) -> None:
    assert table.run() == 2
    assert "nothing to seal" in table.said


@pytest.mark.parametrize("text", ["", " \n\t\n"], ids=["empty", "blank"])
def test_an_empty_text_without_a_file_is_refused_with_what_is_expected(table: Table, text: str) -> None:
    words = table.folder / "words.txt"
    words.write_text(text, encoding="utf-8")
    assert table.run("--text-file", words) == 1
    assert f"nothing to seal: {words} is empty" in table.said
    assert "a text, or at least one file" in table.said
    assert not table.out.exists()
    assert table.run("--text-file", words, table.photo) == 0


def test_a_root_key_that_is_none_is_refused(table: Table) -> None:
    assert table.run("--root-key", "RWnonsense", table.photo, root=False) == 1
    assert "neither a file like root.pub nor a key" in table.said


def test_it_works_with_the_base_dependencies_alone(table: Table) -> None:
    """Every package of the extras is out of reach, and the text comes through a pipe."""
    arguments = ["--to", table.recipients, "--root-key", table.root, "--out", table.out, "--text-file", "-"]
    ended = subprocess.run(
        [sys.executable, "-c", OUT_OF_REACH, *arguments, table.photo],
        input="From a pipe.",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert table.opened()[0] == ["field", "text", "From a pipe."]


def test_it_refuses_any_way_to_a_network() -> None:
    program = (
        "import socket\nfrom sealer.offline import refuse_connections\nrefuse_connections()\n"
        "socket.socket().connect(('127.0.0.1', 9))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "tried to reach a network" in ended.stderr


def test_the_program_itself_lets_nothing_connect_while_it_seals(tmp_path: Path) -> None:
    """The whole program, with one of its steps replaced; connecting a datagram socket would send nothing."""
    program = (
        "import socket, sys\n"
        "from sealer import command\n"
        "def connect(*_arguments, **_named):\n"
        "    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9))\n"
        "    print('connected')\n"
        "command.read_recipients = connect\n"
        "sys.exit(command.main(sys.argv[1:]))\n"
    )
    arguments = ["--to", tmp_path / "recipients.txt", "--out", tmp_path / "sealed.age", tmp_path / "photo.jpg"]
    ended = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 1
    assert "tipline-seal: error: something tried to reach a network" in ended.stderr
    assert ended.stdout == ""
