"""Members: they open what was sealed to them with their own passphrase, and nothing else with any tool."""

import hashlib
from contextlib import closing
from pathlib import Path

import pytest

from crypto.errors import CryptoError
from crypto.keys.at_rest import RestKey
from crypto.keys.key_file import open_key_file
from crypto.passphrases.people_file import PeopleFile
from reviewer.casebook.member_store import MEMBERS_FILE, MemberStore
from reviewer.home.home import open_home
from reviewer.home.keyring import CASEBOOK_KEY
from reviewer.home.lock import PEOPLE_FILE
from reviewer.home.member_channels import keys_of_member
from reviewer.people import giving
from reviewer.people.documents import FromMember, document_name
from reviewer.people.given import member_of, open_given
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.home import test_people
from tests.reviewer.home.test_people import FIRST, SECOND, THIRD, Shared, connected, opens

# Its fixtures are ours as well.
furnish_shared, shared = test_people.furnish_shared, test_people.shared
FOURTH = "a passphrase for the fourth"


@pytest.fixture
def with_members(shared: Shared) -> tuple[Shared, str, str]:
    """Two members, and two tips of which the first was given to the first of them."""
    assert shared.add(FIRST, "Noor", THIRD, "member") == 0, shared.desk.err
    assert shared.add(FIRST, "Salma", FOURTH, "member") == 0, shared.desk.err
    first = shared.take_in(FIRST, "The red truck.", 1)
    second = shared.take_in(FIRST, "The green door.", 2)
    shared.desk.do("people", "give", shared.desk.home, first, "Noor", *shared.unlock(FIRST))
    return shared, first, second


def _file(shared: Shared, text: str) -> Path:
    path = shared.desk.folder / "text"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_member_reads_searches_and_saves_what_was_given_and_nothing_else(
    with_members: tuple[Shared, str, str], on_disk: Path
) -> None:
    shared, first, second = with_members
    desk, mine = shared.desk, shared.unlock(THIRD)
    assert [one["id"] for one in desk.json("given", "list", desk.home, *mine)] == [first]
    assert "The red truck." in desk.do("given", "show", desk.home, first, *mine)
    assert [one["id"] for one in desk.json("given", "list", desk.home, "--search", "TRUCK", *mine)] == [first]
    assert desk.json("given", "list", desk.home, "--search", "door", *mine) == []
    assert desk.run("given", "save", desk.home, first, "--to", on_disk / "saved", *mine) == 1
    assert "does not lie in memory" in desk.err or "swap is on" in desk.err
    assert not (on_disk / "saved").exists()
    assert desk.run("given", "show", desk.home, second, *mine) == 1
    assert desk.json("given", "list", desk.home, *shared.unlock(FOURTH)) == []
    # The commands of readers are closed, and the member's are closed to readers.
    for command in (("list",), ("people", "list"), ("log", "verify"), ("keys", "status")):
        assert desk.run(*command, desk.home, *mine) == 1, command
        assert "a member's" in desk.err
    assert desk.run("given", "list", desk.home, *shared.unlock(FIRST)) == 1


def test_folders_that_a_member_saved_are_listed_and_destroyed_by_command_and_at_the_desk(
    with_members: tuple[Shared, str, str],
) -> None:
    shared, first, _second = with_members
    desk, mine = shared.desk, shared.unlock(THIRD)
    desk.do("given", "save", desk.home, first, *mine)
    (saved,) = desk.json("given", "saved", desk.home, *mine)["saved"]
    folder = Path(saved["folder"])
    assert (saved["files"], saved["files_there"], saved["in_memory"]) == (2, 2, True)
    assert desk.json("given", "saved", desk.home, *shared.unlock(FOURTH)) == {"saved": []}
    desk.do("people", "remove", desk.home, "Salma", *shared.unlock(FIRST))  # which seals the list under new keys
    with open_desk(desk.home, passphrase_file=mine[1]) as opened:
        assert str(folder) in seen(opened.page("/given/saved"))
        assert "Destroyed: 2 files" in seen(opened.post("/given/saved/1/destroy").text)
        assert not folder.exists()
        assert opened.post("/given/saved/1/destroy").status_code == 422
        assert 'href="/given/saved"' in opened.post(f"/given/{first}/save", folder=str(folder)).text
    desk.do("given", "saved", desk.home, "--destroy-all", *mine)
    assert not folder.exists()
    assert desk.json("given", "saved", desk.home, *mine) == {"saved": []}
    acts = [(person, act) for person, act, _subject in shared.log(FIRST) if "save" in act]
    assert acts == [("Noor", act) for act in ("save", "saved folder destroyed") * 2]


def test_with_every_key_of_its_wrap_and_any_tool_a_member_reads_nothing_that_was_not_sealed_to_it(
    with_members: tuple[Shared, str, str],
) -> None:
    shared, _first, second = with_members
    home = shared.desk.home
    shared.desk.do("people", "give", home, second, "Salma", *shared.unlock(FIRST))
    place = PeopleFile.parse((home / PEOPLE_FILE).read_bytes()).unlock(THIRD)
    own, store = place.keys
    assert store is not None
    keys = [own, store, RestKey(place.own.seed()), *(key.derive("keyring") for key in (own, store))]
    for path in sorted(home.glob("*.db")):
        readable = [key for key in keys if opens(path, key.seed())]
        assert readable == ([store] if path.name == MEMBERS_FILE else []), path.name
    for path in (home / "keys").glob("*.key"):
        for key in keys:
            with pytest.raises(CryptoError):
                open_key_file(path.read_bytes(), name=path.stem, key=key)
    people = PeopleFile.parse((home / PEOPLE_FILE).read_bytes())
    for key in keys:
        with pytest.raises(CryptoError):
            people.roster(key)
    # The store itself: raw SQLCipher shows sealed pieces only, and the channels open the own ones only.
    with closing(connected(home / MEMBERS_FILE, store.seed(), 4096)) as connection:
        rows = connection.execute("SELECT id, tag, head, body FROM pieces").fetchall()
    assert len(rows) == 1 << (len(rows) - 1).bit_length()
    for text in (b"The green door.", b"The red truck.", b"Noor", b"Salma", second.encode()):
        assert not any(text in value for row in rows for value in row)
    _key, channels = keys_of_member(place)
    opened = MemberStore.open(home, key=store)
    try:
        found = [opened.read(channels.to_member, pieces) for pieces in opened.items(channels.to_member).values()]
    finally:
        opened.close()
    assert any(b"The red truck." in one for one in found)
    assert not any(b"The green door." in one for one in found)


def test_what_a_member_writes_reaches_the_readers_and_its_acts_reach_the_log_with_its_name(
    with_members: tuple[Shared, str, str],
) -> None:
    shared, first, _second = with_members
    desk, mine = shared.desk, shared.unlock(THIRD)
    desk.do("given", "note", desk.home, first, "--text-file", _file(shared, "I know this street."), *mine)
    desk.do("given", "answer", desk.home, first, "--text-file", _file(shared, "Are you safe?"), *mine)
    inbox = desk.json("people", "inbox", desk.home, *shared.unlock(SECOND))
    assert {(one["member"], one["kind"], one["text"]) for one in inbox} == {
        ("Noor", "note", "I know this street."),
        ("Noor", "answer", "Are you safe?"),
    }
    for _item in inbox:
        desk.do("people", "take-in", desk.home, "1", *shared.unlock(SECOND))
    assert desk.json("people", "inbox", desk.home, *shared.unlock(SECOND)) == []
    shown = desk.do("show", desk.home, first, *shared.unlock(FIRST))
    assert "I know this street." in shown
    assert "Proposed answer:" in shown
    assert "Noor" not in shown, "only the log names a person"
    acts = [(person, act, subject) for person, act, subject in shared.log(FIRST) if person == "Noor"]
    assert acts == [("Noor", "note", first), ("Noor", "proposed answer", first)]
    desk.do("log", "verify", desk.home, *shared.unlock(FIRST))


def test_an_item_that_was_taken_in_before_the_program_was_killed_is_not_taken_in_twice(
    with_members: tuple[Shared, str, str],
) -> None:
    shared, first, _second = with_members
    desk, mine = shared.desk, shared.unlock(THIRD)
    desk.do("given", "note", desk.home, first, "--text-file", _file(shared, "Once only."), *mine)
    before = (desk.home / MEMBERS_FILE).read_bytes()
    with open_home(desk.home, entry=SecretEntry(str(shared.unlock(FIRST)[1]))) as home:
        (chosen,) = giving.waiting(home)
        giving.take_in(home, chosen, today=today())
        home.casebook.imported_items.note(chosen.item)
    (desk.home / MEMBERS_FILE).write_bytes(before)  # as if killed before it left the store
    with open_home(desk.home, entry=SecretEntry(str(shared.unlock(FIRST)[1]))) as home:
        assert giving.waiting(home) == []
        giving.take_in(home, chosen, today=today())
        notes = home.casebook.notes.of(home.casebook.submissions.find(first).number)
    assert [note.text for note in notes] == ["Once only."]


def test_the_store_of_a_home_without_members_looks_like_that_of_one_with_members(
    with_members: tuple[Shared, str, str],
) -> None:
    shared, first, _second = with_members
    size = (shared.desk.home / MEMBERS_FILE).stat().st_size
    shared.desk.do("people", "give", shared.desk.home, first, "Salma", *shared.unlock(FIRST))
    shared.desk.do("people", "take-back", shared.desk.home, first, "Noor", *shared.unlock(FIRST))
    assert shared.desk.json("given", "list", shared.desk.home, *shared.unlock(THIRD)) == []
    alone = shared.desk.beside(shared.desk.folder / "alone")
    alone.found(*Shared(alone).unlock(FIRST))
    assert (alone.home / MEMBERS_FILE).stat().st_size == size
    assert (shared.desk.home / MEMBERS_FILE).stat().st_size == size


def test_after_a_member_is_removed_the_others_keep_theirs_and_the_removed_one_s_keys_open_nothing(
    with_members: tuple[Shared, str, str],
) -> None:
    shared, first, second = with_members
    desk = shared.desk
    desk.do("people", "give", desk.home, second, "Salma", *shared.unlock(FIRST))
    desk.do("given", "note", desk.home, first, "--text-file", _file(shared, "Before I go."), *shared.unlock(THIRD))
    place = PeopleFile.parse((desk.home / PEOPLE_FILE).read_bytes()).unlock(THIRD)
    desk.do("people", "remove", desk.home, "Noor", *shared.unlock(FIRST))
    assert desk.run("given", "list", desk.home, *shared.unlock(THIRD)) == 1
    for key in place.keys:
        assert key is not None
        assert not any(opens(path, key.seed()) for path in desk.home.glob("*.db"))
    assert "The green door." in desk.do("given", "show", desk.home, second, *shared.unlock(FOURTH))
    assert "Before I go." in desk.do("show", desk.home, first, *shared.unlock(FIRST))
    with open_home(desk.home, entry=SecretEntry(str(shared.unlock(FIRST)[1]))) as home:
        assert opens(desk.home / "casebook.db", home.keyring.secret(CASEBOOK_KEY))


def test_at_the_desk_a_member_sees_only_pages_of_members_and_a_reader_gives_and_takes_in(
    with_members: tuple[Shared, str, str],
) -> None:
    shared, first, second = with_members
    with open_desk(shared.desk.home, passphrase_file=shared.unlock(THIRD)[1]) as opened:
        listed = seen(opened.page("/given"))
        assert "The red truck." in listed
        assert "The green door." not in listed
        assert opened.get("/").headers["Location"] == "/given"
        for rule in opened.app.url_map.iter_rules():
            values = {"short_id": first, "number": 1, "what": "graph"}
            address = opened.app.url_map.bind("x").build(
                rule.endpoint, {one: values.get(one, 1) for one in rule.arguments}
            )
            pages_of_members = ("session", "given", "given_look", "given_saved")
            if rule.endpoint.split(".")[0] in pages_of_members or rule.endpoint == "listing.tips":
                continue
            answer = opened.get(address) if "GET" in (rule.methods or ()) else opened.post(address)
            assert answer.status_code == 404, rule.endpoint
        assert "The red truck." in opened.done(f"/given/{first}/note", text="A note of mine.")
        assert "It waits for a reader." in seen(opened.page(f"/given/{first}"))
        opened.post("/lock")
        assert opened.post(f"/given/{first}/answer", text="half an answer").status_code == 403
        assert "half an answer" in opened.done("/unlock", passphrase=THIRD)
        opened.post("/lock")
        opened.done("/unlock", passphrase=FIRST)
        assert opened.get("/given").status_code == 404
        people = opened.page("/people")
        assert "A note of mine." in people
        item = people.split('name="item" value="')[1].split('"')[0]
        assert "is a note of tip" in seen(opened.post("/people/take-in", item=item).text)
        assert opened.post("/people/take-in", item=item).status_code == 422
        assert "Salma has" in seen(opened.post("/people/give", tip=second, name="Salma").text)
        assert "does not have" in seen(opened.post("/people/take-back", tip=first, name="Noor").text)
        assert opened.post("/people/give", tip=second, name="Amal").status_code == 422
        assert "A note of mine." in opened.page(f"/tip/{first}")


def test_a_deleted_tip_is_taken_from_its_members_at_once_by_command_and_at_the_desk(
    with_members: tuple[Shared, str, str],
) -> None:
    shared, first, second = with_members
    desk, reader = shared.desk, shared.unlock(FIRST)
    desk.do("people", "give", desk.home, second, "Salma", *reader)
    desk.do("delete", desk.home, first, "--because", "asked", *reader)
    assert _documents(shared, THIRD) == 0
    assert _documents(shared, FOURTH) > 0
    with open_desk(desk.home, passphrase_file=reader[1]) as opened:
        assert opened.delete(f"/tip/{second}/delete", because="asked").status_code == 303
        assert _documents(shared, FOURTH) == 0


def _documents(shared: Shared, passphrase: str) -> int:
    """How many items lie in the channel to a member, as its own key finds them without any unlocking."""
    home = shared.desk.home
    place = PeopleFile.parse((home / PEOPLE_FILE).read_bytes()).unlock(passphrase)
    key, channels = keys_of_member(place)
    with closing(MemberStore.open(home, key=key)) as store:
        return len(store.items(channels.to_member))


def test_a_member_with_another_program_keeps_no_reader_out_and_writes_nothing_else_into_the_log(
    with_members: tuple[Shared, str, str],
) -> None:
    shared, first, _second = with_members
    home = shared.desk.home
    place = PeopleFile.parse((home / PEOPLE_FILE).read_bytes()).unlock(THIRD)
    key, channels = keys_of_member(place)
    store = MemberStore.open(home, key=key)
    forged = FromMember("act", first, "2026-11-25", "2026-11-25 14:05", "backup").to_bytes()
    for channel in (channels.to_readers, channels.to_member):
        for raw in (forged, b"\x1b[2J", b"{}", b"[1]", FromMember("note", "\x1b", "", "", "x").to_bytes()):
            store.replace(channel, items=[(document_name(), raw)])
    store.close()
    assert shared.desk.json("people", "inbox", home, *shared.unlock(FIRST)) == []
    shared.desk.do("people", "give", home, first, "Noor", *shared.unlock(FIRST))
    assert [line for line in shared.log(FIRST) if line[0] == "Noor"] == []
    # It seals the whole store under a key of its own: readers go on, and the removal gets through.
    with closing(connected(home / MEMBERS_FILE, key.seed(), 4096)) as connection:
        connection.execute("SELECT count(*) FROM pieces").fetchall()
        connection.execute(f"PRAGMA rekey = \"x'{bytes(32).hex()}'\"")
    shared.desk.do("list", home, *shared.unlock(FIRST))
    shared.desk.do("people", "remove", home, "Noor", *shared.unlock(FIRST))
    assert shared.desk.json("given", "list", home, *shared.unlock(FOURTH)) == []


def test_a_file_in_quarantine_is_given_to_no_member_and_is_taken_from_those_who_have_it(
    with_members: tuple[Shared, str, str],
) -> None:
    shared, first, second = with_members
    desk = shared.desk
    content = b"c" * 9000
    with open_given(desk.home, member_of(desk.home, SecretEntry(str(shared.unlock(THIRD)[1])))) as given:
        (file,) = given.find(first).files()
        assert given.content(file) == content
    desk.do("quarantine", desk.home, first, "1", *shared.unlock(FIRST))
    desk.do("people", "give", desk.home, second, "Noor", *shared.unlock(FIRST))
    with open_given(desk.home, member_of(desk.home, SecretEntry(str(shared.unlock(THIRD)[1])))) as given:
        for tip in given.all():
            assert [file.item for file in tip.files()] == [None]
        assert {tip.short_id for tip in given.all()} == {first, second}
    key, channels = keys_of_member(PeopleFile.parse((desk.home / PEOPLE_FILE).read_bytes()).unlock(THIRD))
    store = MemberStore.open(desk.home, key=key)
    try:
        found = [store.read(channels.to_member, pieces) for pieces in store.items(channels.to_member).values()]
    finally:
        store.close()
    assert content not in found


def test_a_member_looks_at_given_files_by_command_and_at_the_desk_and_the_log_has_it(
    shared: Shared,
) -> None:
    desk = shared.desk
    assert shared.add(FIRST, "Noor", THIRD, "member") == 0, desk.err
    files = [("note.txt", "text/plain", b"<b>see</b> the gate\n"), ("a.jpg", "image/jpeg", photos.jpeg())]
    tip = desk.server.seal(fields=[("text", "two files")], files=files)
    desk.do("import", desk.home, desk.write(desk.server.submissions(tip)), *shared.unlock(FIRST))
    (short_id,) = [one["id"] for one in desk.json("list", desk.home, *shared.unlock(FIRST))["submissions"]]
    desk.do("people", "give", desk.home, short_id, "Noor", *shared.unlock(FIRST))
    mine = shared.unlock(THIRD)
    assert "the gate" in desk.do("given", "look", desk.home, short_id, "1", *mine)
    assert desk.run("given", "look", desk.home, short_id, "3", *mine) == 1
    assert "no file with that number" in desk.err
    with open_desk(desk.home, passphrase_file=mine[1]) as opened:
        assert f'href="/given/{short_id}/look/2"' in opened.page(f"/given/{short_id}")
        assert "&lt;b&gt;see&lt;/b&gt; the gate" in opened.page(f"/given/{short_id}/look/1")
        page = opened.page(f"/given/{short_id}/look/2")
        assert f'src="/given/{short_id}/look/2/picture/1/blurred"' in page
        assert "/tip/" not in page
        drawn = opened.get(f"/given/{short_id}/look/2/picture/1/blurred")
        assert (drawn.status_code, drawn.content_type) == (200, "image/png")
        assert opened.get(f"/given/{short_id}/look/3").status_code == 422
    with open_desk(desk.home, passphrase_file=shared.unlock(FIRST)[1]) as opened:
        assert f'href="/people?tip={short_id}#give"' in opened.page(f"/tip/{short_id}")
        assert f'name="tip" value="{short_id}"' in opened.page(f"/people?tip={short_id}")
        opened.post(f"/tip/{short_id}/quarantine/{hashlib.sha256(photos.jpeg()).hexdigest()}")
    assert desk.run("given", "look", desk.home, short_id, "2", *mine) == 1
    assert "in quarantine" in desk.err
    looks = [line for line in shared.log(FIRST) if line[1] == "look"]
    assert looks == [("Noor", "look", short_id)] * 3


def test_a_member_changes_the_own_passphrase_and_no_key_and_nothing_else_changes(shared: Shared) -> None:
    desk = shared.desk
    assert shared.add(FIRST, "Noor", THIRD, "member") == 0, desk.err
    before = PeopleFile.parse((desk.home / PEOPLE_FILE).read_bytes())
    with open_desk(desk.home, passphrase_file=shared.unlock(THIRD)[1]) as opened:
        for chosen, again, reason in (
            (FOURTH, FOURTH + "x", "the two passphrases differ"),
            ("short", "short", "at least 8 letters"),
            (SECOND, SECOND, "unlocks this home already"),
        ):
            answer = opened.post("/given/passphrase", passphrase=chosen, again=again)
            assert (answer.status_code, reason in seen(answer.text)) == (422, True), reason
            assert chosen not in answer.text
        done = opened.post("/given/passphrase", passphrase=FOURTH, again=FOURTH)
        assert "You have a new passphrase" in seen(done.text)
        opened.post("/lock")
        assert opened.post("/unlock", passphrase=THIRD).status_code == 403
        assert opened.post("/unlock", passphrase=FOURTH).status_code == 303
    after = PeopleFile.parse((desk.home / PEOPLE_FILE).read_bytes())
    assert (after.wraps, after.sealed_roster) == (before.wraps, before.sealed_roster)
    assert sum(one != other for one, other in zip(before.locks, after.locks, strict=True)) == 1
    new = ("--new-passphrase-file", shared.unlock(THIRD)[1])
    assert desk.run("given", "passphrase", desk.home, *shared.unlock(FIRST), *new) == 1
    desk.do("given", "passphrase", desk.home, *shared.unlock(FOURTH), *new)
    desk.do("given", "list", desk.home, *shared.unlock(THIRD))
    changes = [line for line in shared.log(FIRST) if line[1] == "passphrase changed"]
    assert changes == [("Noor", "passphrase changed", "")] * 2
    assert desk.run("given", "list", desk.home, *shared.unlock(FOURTH)) == 1
