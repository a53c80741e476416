"""Every vector of every book ends here as it says, in an implementation made from the pages."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lab.second import (
    beacon,
    duty_note,
    fingerprint,
    locked_key,
    mailbox,
    minisign,
    passphrase,
    people_file,
    recovery_sheet,
    reply,
    server_backup,
    statements,
)
from lab.second import manifest as second_manifest
from lab.second.announcement import read_announcement
from lab.second.armor import unarmored
from lab.second.bundle import open_bundle
from lab.second.bundle_file import bundles_of
from lab.second.canonical_json import read_object
from lab.second.casebook_backup import read_backup
from lab.second.container import Container, read_container
from lab.second.envelope import open_envelope
from lab.second.flow import Flow
from lab.second.hand_over import read_hand_over, read_key
from lab.second.hybrid import HybridKey
from lab.second.identity_file import read_identity_file
from lab.second.key_file import open_key_file
from lab.second.ladder import padded_length
from lab.second.offer import read_offer
from lab.second.party import read_party
from lab.second.place_code import read_place_code
from lab.second.questionnaire import read_questionnaire
from lab.second.recipient_file import read_recipients, verify_recipients
from lab.second.refused import Refused
from lab.second.relay_file import read_relay_file
from lab.second.sealed_file import open_sealed
from lab.second.shared import read_shared
from lab.second.sighting import read_copies, read_post, read_sighting
from lab.second.statement import Place, read_statement, take_place
from lab.second.submission import require_week
from lab.second.values import week as week_of
from lab.second.vectors import FOLDER, Vector, book, whole
from lab.second.week_file import read_week

CANONICAL_LIMIT = 262_144


def keys_of(seeds: object) -> list[HybridKey]:
    assert isinstance(seeds, list)
    return [HybridKey(bytes.fromhex(seed)) for seed in seeds]


def read_all(flow: Flow) -> bytes:
    return flow.read(1 << 30)


def canonical_json(vector: Vector) -> None:
    read_object(whole(vector["json"]), limit=CANONICAL_LIMIT)


def ladder(vector: Vector) -> None:
    assert padded_length(int(str(vector["length"]))) == vector["padded"]


def envelope(vector: Vector) -> None:
    sealed, slots = whole(vector["envelope"]), vector["slots"]
    assert slots is None or isinstance(slots, int)
    content = read_all(open_envelope(sealed, keys=keys_of(vector["keys"]), slots=slots))
    assert len(content) == vector["content_bytes"]
    assert hashlib.sha256(content).hexdigest() == vector["content_sha256"]


def container(vector: Vector) -> None:
    found = read_container(Flow([whole(vector["container"])]))
    if "week" in vector:
        require_week(found, week_of(vector["week"]))
    events = list(found.events)
    if found.mailbox:
        identity, public = found.mailbox
        events.append(["mailbox", identity.hex(), hashlib.sha256(public).hexdigest()])
    if "events" in vector:
        assert events == vector["events"]
    else:
        listed = json.dumps(events, ensure_ascii=False).encode("utf-8")
        assert hashlib.sha256(listed).hexdigest() == vector["events_sha256"]


def reply_row(vector: Vector) -> None:
    row = reply.read_row(whole(vector["row"]))
    number, text, day = reply.open_reply(row, keys=keys_of([vector["key"]]))
    assert (number, text, day.isoformat()) == (vector["number"], vector["text"], vector["day"])
    assert (row.reply_id.hex(), row.salt.hex(), row.tag.hex()) == (
        vector["reply_id"],
        vector["salt"],
        vector["tag"],
    )
    assert mailbox.reply_tag(bytes.fromhex(str(vector["mailbox_id"])), row.salt) == row.tag


def words_or_digits(vector: Vector) -> None:
    places = passphrase.read_passphrase(str(vector["text"]))
    assert [passphrase.WORDS[place - 1] for place in places] == vector["words"]
    assert [f"{place:04}" for place in places] == vector["digits"]
    assert passphrase.secret_of(places).hex() == vector["secret"]


def derivation(vector: Vector) -> None:
    places = passphrase.read_passphrase(" ".join(vector["digits"]))  # type: ignore[arg-type]
    found = mailbox.open_mailbox(
        places,
        salt=bytes.fromhex(str(vector["salt"])),
        memory_kib=int(str(vector["memory_kib"])),
        passes=int(str(vector["passes"])),
        lanes=int(str(vector.get("lanes", 1))),
    )
    assert found.identity.hex() == vector["mailbox_id"]
    assert found.source_seed.hex() == vector["source_seed"]
    public = HybridKey(found.source_seed).public
    assert hashlib.sha256(public).hexdigest() == vector["source_public_key_sha256"]
    assert mailbox.reply_tag(found.identity, bytes.fromhex(str(vector["reply_salt"]))).hex() == vector["reply_tag"]


def locked(vector: Vector) -> None:
    assert locked_key.open_key(whole(vector["locked"]), str(vector["passphrase"])).hex() == vector["key"]


def people(vector: Vector) -> None:
    place, person, keys, names = people_file.open_people(whole(vector["people"]), str(vector["passphrase"]))
    told = (vector["place"], vector["person"], vector["keys"], vector["names"])
    assert (place, person, keys.hex(), names) == told


def signature(vector: Vector) -> None:
    minisign.verify(whole(vector["message"]), whole(vector["signature"]), root=bytes.fromhex(str(vector["root"])))


def minisign_key(vector: Vector) -> None:
    file = whole(vector["file"])
    if vector["kind"] == "public":
        assert minisign.read_public_key(file).hex() == vector["public_key"]
    else:
        seed, public = minisign.read_secret_key(file)
        assert (seed.hex(), public.hex()) == (vector["seed"], vector["public_key"])


def recipients(vector: Vector) -> None:
    file = whole(vector["file"])
    if vector["signature"] is None:
        day, keys = read_recipients(file)
    else:
        root = bytes.fromhex(str(vector["root"]))
        day, keys = verify_recipients(file, whole(vector["signature"]), root=root)
    assert day.isoformat() == vector["last_day"]
    assert hashlib.sha256(b"".join(keys)).hexdigest() == vector["keys_sha256"]


def words_of_address(vector: Vector) -> None:
    assert fingerprint.words_of_address(str(vector["address"])) == vector["words"]


def words_of_duty_key(vector: Vector) -> None:
    assert fingerprint.words_of_duty_key(str(vector["key"])) == vector["words"]


def words_of_root(vector: Vector) -> None:
    assert fingerprint.words_of(bytes.fromhex(str(vector["root"]))) == vector["words"]


def manifest(vector: Vector) -> None:
    second_manifest.read_manifest(whole(vector["manifest"]))


def verified(pieces: object, vector: Vector) -> second_manifest.Manifest:
    assert isinstance(pieces, list)
    raw, by = map(whole, pieces)
    return second_manifest.verify_manifest(raw, by, root=bytes.fromhex(str(vector["root"])))


def adoption(vector: Vector) -> None:
    current, run = vector["current"], vector["run"]
    assert isinstance(run, list)
    found = second_manifest.adopt(
        None if current is None else verified(current, vector),
        [verified(one, vector) for one in run],
        highest_seen=int(str(vector["highest_seen"])),
        today=date.fromisoformat(str(vector["today"])),
    )
    second_manifest.server(found, bytes.fromhex(str(vector["own"])))
    assert (found.version, found.sha256.hex()) == (vector["version"], vector["sha256"])


def keys_of_a_day(vector: Vector) -> None:
    found = verified([vector["manifest"], vector["signature"]], vector)
    today = date.fromisoformat(str(vector["today"]))
    if vector["keys"] == "intake":
        year, number = second_manifest.intake_week(found, today)
        assert f"{year}-W{number:02}" == vector["found"]
    else:
        year, number = second_manifest.sealed_quarter(found, today)
        assert f"{year}-Q{number}" == vector["found"]


def identity(vector: Vector) -> None:
    seeds, classical = read_identity_file(whole(vector["identity"]))
    assert ([seed.hex() for seed in seeds], classical) == (vector["keys"], vector["classical"])


def key_file(vector: Vector) -> None:
    name, home_key = str(vector["key_name"]), bytes.fromhex(str(vector["home_key"]))
    assert open_key_file(whole(vector["file"]), name=name, home_key=home_key).hex() == vector["secret"]


def casebook_backup(vector: Vector) -> None:
    (key,) = keys_of([vector["key"]])
    casebook_key, seeds, files = read_backup(whole(vector["backup"]), key=key)
    assert (casebook_key.hex(), seeds.hex()) == (vector["casebook_key"], vector["reviewer_keys"])
    assert files == vector["files"]


def party(vector: Vector) -> None:
    assert read_party(whole(vector["party"])).name == vector["party_name"]


def offer(vector: Vector) -> None:
    found = read_offer(whole(vector["offer"]), root=bytes.fromhex(str(vector["root"])))
    assert found.reviewer.name == vector["reviewer"]
    assert [f"{year}-W{week:02}" for year, week in found.intake] == vector["weeks"]
    assert [f"{year}-Q{quarter}" for year, quarter in found.sealed] == vector["quarters"]


def shared(vector: Vector) -> None:
    found = read_shared(whole(vector["inside"]))
    assert (found.sender.hex(), found.run.hex(), found.number) == (
        vector["sender"],
        vector["run"],
        vector["number"],
    )
    assert (found.week, found.day.isoformat()) == (week_of(vector["week"]), vector["day"])
    assert (found.heard, found.erased) == (vector["heard"], vector["erased"])
    assert [digest.hex() for digest in found.operations] == vector["operations"]


def sheets(vector: Vector) -> None:
    kind, seed = recovery_sheet.read_set(list(vector["sheets"]))  # type: ignore[call-overload]
    assert (kind, seed.hex()) == (vector["kind"], vector["seed"])


def questionnaire(vector: Vector) -> None:
    vocabularies: dict[str, list[str]] = vector["vocabularies"]  # type: ignore[assignment]
    found = read_questionnaire(whole(vector["file"]), vocabularies=vocabularies)
    assert found.name == vector["door"]
    assert [[question.key, question.type] for question in found.questions()] == vector["questions"]
    assert (sorted(found.texts), found.sha256.hex()) == (vector["languages"], vector["sha256"])


def reviewer_keys(vector: Vector) -> None:
    seed = bytes.fromhex(str(vector["seed"]))
    found = recovery_sheet.reviewer_of(int(str(vector["kind"])), seed, str(vector["reviewer"]))
    assert found.backup_seed.hex() == vector["backup_seed"]
    assert (found.signing_seed.hex(), found.sign.hex()) == (vector["signing_seed"], vector["sign"])
    assert found.transport_seed.hex() == vector["transport_seed"]
    assert hashlib.sha256(found.transport).hexdigest() == vector["transport_sha256"]


def sealed_file(vector: Vector) -> None:
    found = open_sealed(whole(vector["sealed"]), keys=keys_of(vector["keys"]))
    assert isinstance(found, Container) is vector["is_container"]
    if isinstance(found, Container):
        assert list(found.events) == vector["events"]
    else:
        assert [["file", "", "", len(found), hashlib.sha256(found).hexdigest()]] == vector["events"]


def whole_server(vector: Vector) -> None:
    found = server_backup.read_backup(whole(vector["backup"]), passphrase=str(vector["passphrase"]))
    files = [[name, len(raw), hashlib.sha256(raw).hexdigest()] for name, raw in found.files.items()]
    assert files == vector["files"]
    rows = [
        [table, [one.hex() if isinstance(one, bytes) else one for one in values]] for table, values in found.rows
    ]
    assert rows == vector["rows"]


def statement(vector: Vector) -> None:
    read_statement(whole(vector["statement"]))


def small_item(vector: Vector) -> None:
    statements.READERS[str(vector["type"])](whole(vector["payload"]))


def announcement(vector: Vector) -> None:
    party, names = read_announcement(whole(vector["item"]), root=bytes.fromhex(str(vector["root"])))
    assert (party.hex(), names) == (vector["party"], vector["reads"])


def place_of(kept: object) -> Place | None:
    if kept is None:
        return None
    assert isinstance(kept, dict)
    digests = {int(number): bytes.fromhex(digest) for number, digest in kept["earlier"].items()}
    if kept["last_sha256"] is not None:
        digests[kept["number"]] = bytes.fromhex(kept["last_sha256"])
    ended = [bytes.fromhex(stream) for stream in kept["ended"]]
    read_on = [one for one in map(place_of, (one | {"ended": []} for one in kept.get("read_on", []))) if one]
    return Place(bytes.fromhex(kept["stream"]), kept["number"], digests, ended, read_on)


def stream(vector: Vector) -> None:
    read = read_statement(whole(vector["statement"]))
    take_place(read, own=bytes.fromhex(str(vector["own"])), place=place_of(vector["place"]))


def bundle(vector: Vector) -> None:
    _, items, sealing, marks = open_bundle(
        whole(vector["bundle"]),
        keys=keys_of(vector["keys"]),
        own=bytes.fromhex(str(vector["own"])),
        senders=[bytes.fromhex(sender) for sender in vector["senders"]],  # type: ignore[attr-defined]
        place=None,
    )
    assert [None if item is None else item.hex() for item in items] == vector["items"]
    assert (sealing, marks) == (vector.get("sealing", 0), vector.get("marks", []))


def bundle_file(vector: Vector) -> None:
    found = [one.hex() for one in bundles_of(whole(vector["file"]))]
    assert vector["bundles"] in (None, found)


def armored(vector: Vector) -> None:
    assert unarmored(whole(vector["armored"])).hex() == vector["inside"]


def evidence_key(vector: Vector) -> None:
    file, key = whole(vector["file"]), bytes.fromhex(str(vector["key"]))
    assert minisign.read_public_key(file) == key
    assert hashlib.sha256(file).hexdigest() == vector["sha256"]
    assert fingerprint.words_of_evidence_key(key) == vector["words"]


def hand_over(vector: Vector) -> None:
    found = read_hand_over(whole(vector["case"]), own=bytes.fromhex(str(vector["own"])))
    assert (found.told, found.tips, found.sender.organisation) == (
        vector["told"],
        vector["tips"],
        vector["organisation"],
    )


def hand_over_key(vector: Vector) -> None:
    found = read_key(whole(vector["key"]))
    assert (found.organisation, found.words) == (vector["organisation"], vector["words"])


def rotating_id(vector: Vector) -> None:
    key, time, exponent = bytes.fromhex(str(vector["key"])), int(str(vector["time"])), int(str(vector["exponent"]))
    assert beacon.rotating_id(key, time, exponent).hex() == vector["id"]
    if "seed" in vector:
        assert beacon.id_key(bytes.fromhex(str(vector["seed"])), str(vector["meaning"])) == key


def day_mark(vector: Vector) -> None:
    key, day = bytes.fromhex(str(vector["mark_key"])), date.fromisoformat(str(vector["day"]))
    assert beacon.day_mark(key, day).hex() == vector["mark"]


def frame(vector: Vector) -> None:
    marks = [bytes.fromhex(mark) for mark in vector["marks"]]  # type: ignore[attr-defined]
    assert beacon.read_frame(bytes.fromhex(str(vector["frame"])), marks=marks).hex() == vector["id"]


def known_relay(vector: Vector) -> dict[tuple[int, str], bytes]:
    return {(int(str(vector["relay"])), str(vector["week"])): bytes.fromhex(str(vector["key"]))}


def sighting(vector: Vector) -> None:
    found = read_sighting(whole(vector["sighting"]), known=known_relay(vector))
    assert found == {part: vector[part] for part in found}


def relay_post(vector: Vector) -> None:
    found, copy = read_post(whole(vector["post"]), keys=keys_of(vector["keys"]), known=known_relay(vector))
    ids = found["ids"]
    assert isinstance(ids, list)
    assert (len(ids), len(copy)) == (vector["ids"], vector["copy_bytes"])


def place_code(vector: Vector) -> None:
    assert read_place_code(str(vector["text"])) == vector["code"]


def relay_copies(vector: Vector) -> None:
    found = read_copies(whole(vector["file"]), keys=keys_of(vector["keys"]), known=known_relay(vector))
    assert found == vector["copies"]


def week_file(vector: Vector) -> None:
    inside = whole(vector["inside"])
    signers = [bytes.fromhex(signer) for signer in vector["signers"]]  # type: ignore[attr-defined]
    week, made, owners = read_week(inside, signers=signers)
    assert (week, made, len(owners)) == (week_of(vector["week"]), vector["made"], vector["ids"])
    table = inside[len(inside) - 8 * len(owners) :]
    assert hashlib.sha256(table).hexdigest() == vector["sha256"]


def relay_file(vector: Vector) -> None:
    signers = [bytes.fromhex(signer) for signer in vector["signers"]]  # type: ignore[attr-defined]
    found = read_relay_file(whole(vector["inside"]), signers=signers)
    assert found == {part: vector[part] for part in found}


def note(vector: Vector) -> None:
    keys = {str(vector["week"]): duty_note.note_key(whole(vector["ids"]))}
    found = duty_note.read_note(whole(vector["inside"]), keys=keys)
    assert found == {part: vector[part] for part in found}


BOOKS: dict[str, Callable[[Vector], None]] = {
    "address_words": words_of_address,
    "adoption": adoption,
    "announcement": announcement,
    "armor": armored,
    "bundle": bundle,
    "bundle_file": bundle_file,
    "canonical_json": canonical_json,
    "casebook_backup": casebook_backup,
    "container": container,
    "day_mark": day_mark,
    "duty_note": note,
    "duty_words": words_of_duty_key,
    "envelope": envelope,
    "evidence_key": evidence_key,
    "fingerprint": words_of_root,
    "foreign": envelope,
    "frame": frame,
    "hand_over": hand_over,
    "hand_over_key": hand_over_key,
    "identity_file": identity,
    "key_file": key_file,
    "keys_of_a_day": keys_of_a_day,
    "ladder": ladder,
    "locked_key": locked,
    "mailbox": derivation,
    "manifest": manifest,
    "minisign": signature,
    "minisign_key": minisign_key,
    "offer": offer,
    "party": party,
    "passphrase": words_or_digits,
    "people_file": people,
    "place_code": place_code,
    "questionnaire": questionnaire,
    "recipient_file": recipients,
    "recovery_sheet": sheets,
    "relay_copies": relay_copies,
    "relay_file": relay_file,
    "relay_post": relay_post,
    "reply": reply_row,
    "reviewer_keys": reviewer_keys,
    "rotating_id": rotating_id,
    "sealed_file": sealed_file,
    "server_backup": whole_server,
    "shared": shared,
    "sighting": sighting,
    "statement": statement,
    "statements": small_item,
    "stream": stream,
    "week_file": week_file,
}


def ends_as(name: str, vector: Vector) -> object:
    """The outcome of reading it, or the fault of the result."""
    try:
        BOOKS[name](vector)
    except Refused as refused:
        return refused.outcome
    except AssertionError as error:
        return error
    return "opens"


@pytest.mark.parametrize("name", BOOKS)
def test_every_vector_of_a_book_ends_as_it_says(name: str) -> None:
    ends = [(vector["name"], ends_as(name, vector), vector["outcome"]) for vector in book(name)]
    assert [(vector, end) for vector, end, outcome in ends if end != outcome] == []


def test_a_vector_that_is_read_as_something_else_does_not_end_as_it_says() -> None:
    padded = next(vector for vector in book("ladder") if vector["outcome"] == "opens")
    assert ends_as("ladder", padded) == "opens"
    assert isinstance(ends_as("ladder", padded | {"padded": 1}), AssertionError)


def test_every_book_is_read_and_none_is_empty() -> None:
    assert {path.stem for path in Path(FOLDER).glob("*.json")} == set(BOOKS)
    assert all(book(name) for name in BOOKS)
