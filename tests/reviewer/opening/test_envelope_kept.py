"""A home keeps of an envelope that it has opened nothing that opens it, so that the key of its week is all
that has to be destroyed. What a database deletes lies on in blocks of the disk that its journal gave back."""

import io
from collections.abc import Sequence

from crypto.age.envelope import open_envelope
from crypto.primitives.week import Week
from reviewer.casebook.database import ENVELOPES_FILE, CasebookDatabase
from reviewer.home.home import KEYS_FOLDER, open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.desk_stage import Desk
from tests.steps import watched_step


def test_no_database_is_ever_given_the_file_key_of_an_envelope(desk: Desk) -> None:
    given: list[bytes] = []

    def note(_database: CasebookDatabase, _statement: str, values: Sequence[object] = ()) -> None:
        given.extend(value for value in values if isinstance(value, bytes))

    envelope = desk.server.seal()
    with watched_step(CasebookDatabase, "run", before=note):
        desk.take_in(envelope)
    week = _first_week(desk)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        keys = home.keyring.intake_keys(week)
        frame = open_envelope(io.BytesIO(envelope), keys=keys).frame
    assert frame.beginning() in given
    assert not any(frame.file_key in value for value in given)


def test_the_envelope_is_made_again_by_the_key_of_its_week_and_by_nothing_else(desk: Desk) -> None:
    envelope = desk.server.seal()
    (short_id,) = desk.take_in(envelope)
    out = desk.folder / "raw.age"
    desk.do("raw", desk.home, short_id, "--out", out)
    assert out.read_bytes() == envelope
    key = desk.home / KEYS_FOLDER / f"intake-{_first_week(desk)}.key"
    key.rename(desk.folder / "aside")
    assert desk.run("raw", desk.home, short_id, "--out", desk.folder / "again.age") == 1
    assert "the envelope of this submission is gone" in desk.err


def test_a_home_of_an_earlier_program_destroys_the_key_of_its_file_keys_as_it_is_opened(desk: Desk) -> None:
    desk.take_in(desk.server.seal())
    keys = desk.home / KEYS_FOLDER
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        home.keyring.keep("envelopes", bytes(32))
        home.keyring.destroy("beginnings")
    (desk.home / ENVELOPES_FILE).write_bytes(b"another key opens this")
    earlier = (keys / "envelopes.key").read_bytes()
    with (keys / "envelopes.key").open("rb") as still_open:
        assert len(desk.submissions()) == 1
        assert still_open.read() != earlier
    assert not (keys / "envelopes.key").exists()
    desk.take_in(desk.server.seal(submission_id=bytes([7]) * 16))
    assert len(desk.submissions()) == 2


def _first_week(desk: Desk) -> Week:
    return Week.parse(desk.json("keys", "status", desk.home)["weeks"][0]["week"])
