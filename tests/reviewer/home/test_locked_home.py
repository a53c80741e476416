"""A home that a passphrase locks, as a thief of its disk has it: no file shows a tip, an answer or a key."""

import base64
from pathlib import Path

import pytest

from crypto.keys.key_file import PARTY_KEYS
from crypto.keys.keys import HybridSecretKey
from crypto.passphrases.locked_key import KEY_BYTES
from crypto.passphrases.people_file import PeopleFile
from reviewer.home.home import open_home
from reviewer.home.lock import OPEN_KEY_FILE, PEOPLE_FILE
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk

PASSPHRASE = "canary-pass-4e10 and a half"
WRITTEN = {
    "text": "canary-text-7f1c",
    "name of a file": "canary-name-20b4",
    "type of a file": "canary/type-93aa",
    "bytes of a file": "canary-bytes-c5d8",
    "answer": "canary-answer-1e6f",
    "passphrase": PASSPHRASE,
}


def _work(desk: Desk, *unlock: str | Path) -> str:
    """From the founding on: a tip with a file comes, is looked for, read and answered. The id of the tip."""
    desk.found(*unlock)
    desk.do("servers", "add", desk.home, desk.server.write_party(desk.folder), *unlock)
    desk.issue(*unlock)
    file = (WRITTEN["name of a file"], WRITTEN["type of a file"], WRITTEN["bytes of a file"].encode() * 5_000)
    tip = desk.server.seal(fields=[("text", WRITTEN["text"])], files=[file], mailbox=a_mailbox())
    desk.do("import", desk.home, desk.write(desk.server.submissions(tip)), *unlock)
    (found,) = desk.json("list", desk.home, *unlock)["submissions"]
    short_id = str(found["id"])
    assert WRITTEN["text"] in desk.do("search", desk.home, WRITTEN["text"], *unlock)
    assert WRITTEN["text"] in desk.do("show", desk.home, short_id, *unlock)
    (desk.folder / "answer").write_text(WRITTEN["answer"], encoding="utf-8")
    desk.do("reply", desk.home, short_id, "--text-file", desk.folder / "answer", "--confirm-contents", *unlock)
    return short_id


def _keys(desk: Desk, home_key: bytes, passphrase_file: Path | None) -> dict[str, bytes]:
    """Every secret key that is in the home or follows from its key."""
    with open_home(desk.home, entry=SecretEntry(str(passphrase_file) if passphrase_file else None)) as home:
        keys = {name: home.keyring.secret(name) for name in home.keyring.names()}
        own = keys[PARTY_KEYS]
        keys |= {f"half {at} of {PARTY_KEYS}": own[at : at + KEY_BYTES] for at in range(0, len(own), KEY_BYTES)}
        return keys | {
            "home": home_key,
            "keyring": home.keyring.key.seed(),
            "drafts": home.drafts_key().seed(),
        }


def _in_the_clear(folder: Path, keys: dict[str, bytes]) -> set[str]:
    """The part of ``keys`` and ``WRITTEN`` that the files below ``folder``, or their names, show."""
    files = [str(path).encode() + b"\n" + path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert files
    forms = {name: {text.encode()} for name, text in WRITTEN.items()}
    forms |= {f"key {name}": _forms_of_key(key) for name, key in keys.items()}
    return {name for name in forms if any(form in file for form in forms[name] for file in files)}


def _forms_of_key(key: bytes) -> set[bytes]:
    hexadecimal, plain, safe = key.hex().encode(), base64.b64encode(key), base64.urlsafe_b64encode(key)
    forms = {key, hexadecimal, hexadecimal.upper(), plain.rstrip(b"="), safe.rstrip(b"=")}
    if len(key) == KEY_BYTES:
        age = HybridSecretKey(key).reveal().encode()
        forms |= {age, age.lower()}
    return forms


def test_no_file_of_a_locked_home_shows_anything_of_a_tip_an_answer_or_a_key(bare_desk: Desk) -> None:
    passphrase_file = bare_desk.folder / "passphrase"
    passphrase_file.write_text(PASSPHRASE, encoding="utf-8")
    unlock = ("--passphrase-file", passphrase_file)
    short_id = _work(bare_desk, *unlock)
    place = PeopleFile.parse((bare_desk.home / PEOPLE_FILE).read_bytes()).unlock(PASSPHRASE)
    home_key = place.keys[0].seed()
    keys = _keys(bare_desk, home_key, passphrase_file)
    assert len(keys) > bare_desk.keys_issued() + 5
    assert _in_the_clear(bare_desk.home, keys) == set()
    # The control: the same search finds all of it where it lies in the clear.
    case = bare_desk.folder / "case"
    bare_desk.do("save", bare_desk.home, short_id, "--on-disk", "--to", case, *unlock)
    week = bare_desk.json("show", bare_desk.home, short_id, *unlock)["week"]
    identity = bare_desk.do("keys", "identity", bare_desk.home, "--week", week, *unlock)
    (case / "identity").write_text(identity, encoding="ascii")
    assert _in_the_clear(case, keys) == {*WRITTEN, f"key intake-{week}"} - {"passphrase"}
    assert "passphrase" in _in_the_clear(bare_desk.folder, keys)


@pytest.mark.parametrize("form", range(7))
def test_the_search_knows_a_key_in_each_form_in_which_it_might_be_written(tmp_path: Path, form: int) -> None:
    key = bytes(range(200, 200 + KEY_BYTES))
    (tmp_path / "file").write_bytes(b"a" + sorted(_forms_of_key(key))[form] + b"b")
    assert _in_the_clear(tmp_path, {"home": key}) == {"key home"}


def test_a_home_without_a_passphrase_shows_the_key_of_all_others(bare_desk: Desk) -> None:
    _work(bare_desk)
    home_key = (bare_desk.home / OPEN_KEY_FILE).read_bytes()
    assert _in_the_clear(bare_desk.home, _keys(bare_desk, home_key, None)) == {"key home"}
