"""The same picture in two tips: a question with a distance, never a link, and nothing after forgetting."""

import io
import itertools

import pytest
from PIL import Image

from reviewer.clean_copy.children import Children
from reviewer.clean_copy.fingerprints import SAME_BITS, fingerprint_of
from reviewer.clean_copy.picture_kind import PictureKind
from reviewer.errors import NoCleanCopy
from reviewer.home.home import open_home
from reviewer.leaving.evidence_choice import EvidenceChoice, TipChoice
from reviewer.linking.leaving_masks import leaving_masks, masked_choice
from reviewer.linking.masking import Masks
from reviewer.linking.picture_reading import read_new_pictures, read_some_pictures
from reviewer.linking.referred_tips import TipsBeside
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.reviewer.clean_copy.photos import drawn_scene
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_pictures import as_png, send, smaller
from tests.reviewer.linking.invented_tips import entities, findings, kept_person, tell
from tests.reviewer.linking.test_questions import questions
from tests.reviewer.raw_pages import RawCasebook


def fingerprints(desk: Desk) -> dict[str, bytes]:
    """The fingerprint of each picture, by its tip."""
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        return {
            home.casebook.submissions.by_number(one.submission).short_id: one.bits.to_bytes(32, "big")
            for one in home.casebook.pictures.all(least_quality=0)
        }


def files_leaving(desk: Desk, tip: str, *, unmask: int = 0) -> frozenset[int]:
    """The files of a tip that leave in a package for which both were ticked."""
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        both = TipChoice(home.casebook.submissions.find(tip), frozenset(), frozenset({1, 2}))
        hidden = leaving_masks(home, [both.submission], children=Children(), today=today())
        reasons = {unmask: "her lawyer asked"}
        choice, _masked = masked_choice(
            home, EvidenceChoice([both], "Court"), hidden, reasons=reasons, today=today()
        )
        masks = TipsBeside(home, Masks(home), "Court", frozenset({unmask}))
        beside, _told = masks.masked(EvidenceChoice([both], ""))
        assert beside.tips[0].files == choice.tips[0].files
        return choice.tips[0].files


def stands_in_home(desk: Desk, bits: bytes) -> bool:
    raw = RawCasebook(desk.home)
    return any(bits in page for name in ("casebook.db", "envelopes.db") for page in raw.pages(name))


def test_a_changed_picture_in_another_tip_is_a_question_and_another_picture_is_none(desk: Desk) -> None:
    first = send(desk, drawn_scene(1), drawn_scene(2))
    second = send(desk, smaller(drawn_scene(1)), mailbox=2)
    send(desk, drawn_scene(3), mailbox=3)
    (asked,) = questions(desk)
    assert (asked["kind"], asked["weak"]) == ("picture", False)
    assert [(side["tip"], side["file"]) for side in asked["sides"]] == [(first, "1"), (second, "1")]
    assert asked["distance"] <= 16
    assert [one["code"] for one in asked["for"]] == ["changed-picture"]
    assert questions(desk, "--kind", "person") == []
    assert entities(desk) == []


def test_an_answer_about_pictures_is_a_decision_on_two_entities_and_is_undone(desk: Desk) -> None:
    tips = [send(desk, drawn_scene(1), mailbox=place) for place in range(2)]
    (asked,) = questions(desk)
    assert [one["code"] for one in asked["for"]] == ["same-file"]
    desk.do("links", "answer", desk.home, asked["question"], "same", "--because", "one advert")
    assert questions(desk) == []
    assert {(one["kind"], one["name"]) for one in entities(desk)} == {("picture", "file 1")}
    assert desk.json("links", "list", desk.home)["same"] == [["E-1", "E-2"]]
    desk.do("links", "undo", desk.home, "D-1")
    (again,) = questions(desk)
    assert [side["tip"] for side in again["sides"]] == tips


def test_a_wall_and_a_file_that_is_no_picture_raise_no_question(desk: Desk) -> None:
    wall = Image.new("RGB", (200, 120), (90, 120, 200))
    for place in range(2):
        send(desk, wall, mailbox=place)
    broken = as_png(drawn_scene(1))[:200]
    for place in range(2):
        envelope = desk.server.seal(
            fields=[("text", f"{place}")],
            files=[("broken.png", "image/png", broken), ("list.txt", "text/plain", b"no picture")],
            submission_id=f"{place}".encode() * 16,
        )
        desk.take_in(envelope)
    assert questions(desk, "--weak") == []
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert read_new_pictures(home, children=Children(), today=today()) == 0
    desk.do("findings", "list", desk.home, "--again")
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert read_new_pictures(home, children=Children(), today=today()) == 4


def unread(desk: Desk, *, with_begun: bool = True) -> list[str]:
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        numbers = home.casebook.pictures.unread(with_begun=with_begun)
        return [home.casebook.submissions.by_number(number).short_id for number in numbers]


def quick(desk: Desk, *, with_begun: bool, each: float) -> None:
    """Read as an import or a press does, by a clock on which every look takes ``each`` seconds."""
    clock = itertools.count(0.0, each)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        children = Children(clock=lambda: next(clock))
        read_some_pictures(home, children=children, with_begun=with_begun, today=today())


def test_a_tip_of_many_pictures_holds_up_no_honest_tip_behind_it_and_the_rest_waits_for_a_press(desk: Desk) -> None:
    honest = send(desk, drawn_scene(1))
    hostile = send(desk, *(drawn_scene(number) for number in range(2, 14)), mailbox=2)
    desk.tamper("DELETE FROM pictures", "DELETE FROM picture_readings")
    assert unread(desk) == [hostile, honest], "the newest is the first"
    quick(desk, with_begun=False, each=0.25)
    assert unread(desk) == [hostile]
    kept = len(fingerprints(desk))
    assert kept == 2, "what was read of the hostile one is kept"
    quick(desk, with_begun=False, each=0.25)
    assert unread(desk, with_begun=False) == []
    assert unread(desk) == [hostile], "no import begins with it again"
    presses = 0
    while unread(desk):
        quick(desk, with_begun=True, each=0.25)
        presses += 1
    assert presses == 1, "each goes on where the one before ended"
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert home.casebook.pictures.count() == 13


def test_a_picture_that_takes_longer_than_a_whole_tip_may_is_passed_over(desk: Desk) -> None:
    send(desk, drawn_scene(1))
    desk.tamper("DELETE FROM pictures", "DELETE FROM picture_readings")
    quick(desk, with_begun=False, each=2)
    assert unread(desk) == []
    assert fingerprints(desk) == {}


def test_a_few_bytes_that_claim_a_large_picture_get_no_more_memory_than_a_photo_needs() -> None:
    claims = io.BytesIO()
    Image.new("P", (16_000, 7_400)).save(claims, "PNG")
    with pytest.raises(NoCleanCopy, match="too large to be decoded here"):
        fingerprint_of(claims.getvalue(), PictureKind.PNG, children=Children())
    photo = io.BytesIO()
    drawn_scene(1).resize((12_000, 9_000)).save(photo, "JPEG")
    small = fingerprint_of(as_png(drawn_scene(1)), PictureKind.PNG, children=Children())
    large = fingerprint_of(photo.getvalue(), PictureKind.JPEG, children=Children())
    assert small.distance(large) <= SAME_BITS


def test_a_quarantined_picture_is_compared_counted_and_never_offered_for_a_look(desk: Desk) -> None:
    first = send(desk, drawn_scene(1))
    desk.do("quarantine", desk.home, first, "1")
    desk.tamper("DELETE FROM pictures", "DELETE FROM picture_readings")
    second = send(desk, smaller(drawn_scene(1)), mailbox=2)
    (asked,) = questions(desk)
    assert {side["tip"]: side["quarantined"] for side in asked["sides"]} == {first: True, second: False}
    accesses = [line for line in desk.json("log", "show", desk.home) if line["act"] == "quarantine access"]
    assert [line["subject"].split(", ")[-2:] for line in accesses] == [["fingerprint", "permitted"]]


def test_forgetting_a_picture_takes_its_fingerprint_from_every_page_for_good(
    desk: Desk,
) -> None:
    first = send(desk, drawn_scene(1))
    second = send(desk, drawn_scene(1), mailbox=2)
    kept = fingerprints(desk)
    assert kept[first] == kept[second]
    assert stands_in_home(desk, kept[first])
    desk.do("links", "answer", desk.home, questions(desk)[0]["question"], "different", "--because", "two adverts")
    assert "fingerprint goes" in desk.do("forget", desk.home, "E-1", "--dry-run")
    desk.do("forget", desk.home, "E-1")
    assert not stands_in_home(desk, kept[first])
    assert fingerprints(desk) == {}
    desk.do("findings", "list", desk.home, "--again")
    send(desk, drawn_scene(1), mailbox=3)
    assert questions(desk, "--weak") == []
    assert fingerprints(desk) == {}
    desk.do("log", "verify", desk.home)
    assert desk.run("raw", desk.home, first, "--out", desk.folder / "raw.age") == 0  # the file stays as it came


@pytest.mark.parametrize("how", ["whole tip", "file"])
def test_a_deleted_tip_or_file_leaves_no_fingerprint(desk: Desk, how: str) -> None:
    first = send(desk, drawn_scene(1))
    tell(desk, "another tip")
    (bits,) = fingerprints(desk).values()
    assert stands_in_home(desk, bits)
    desk.delete_part(first, *(("--file", "1") if how == "file" else ()), because="asked")
    assert fingerprints(desk) == {}
    assert not stands_in_home(desk, bits)


def test_a_tip_that_comes_back_from_the_bin_brings_its_questions_back(desk: Desk) -> None:
    first = send(desk, drawn_scene(1))
    send(desk, drawn_scene(1), mailbox=2)
    (before,) = questions(desk)
    desk.do("bin", desk.home, "--put", first)
    assert questions(desk, "--weak") == []
    desk.do("bin", desk.home, "--back", first)
    (after,) = questions(desk)
    assert [side["tip"] for side in after["sides"]] == [side["tip"] for side in before["sides"]]


def test_a_picture_that_belongs_to_a_protected_person_is_named_nowhere_until_a_reason_is_given(desk: Desk) -> None:
    first = send(desk, drawn_scene(1))
    send(desk, drawn_scene(1), mailbox=2)
    desk.do("links", "answer", desk.home, questions(desk)[0]["question"], "same", "--because", "one advert")
    desk.do("links", "undo", desk.home, "D-1")
    person = kept_person(desk, first, "photo")
    finding = next(one["finding"] for one in findings(desk, first) if one["entity"] == "E-1")
    desk.do("relate", desk.home, person, "advertised-in", "E-1", "--finding", str(finding))
    desk.do("entities", "role", desk.home, person, first, "harmed")
    (asked,) = questions(desk)
    assert asked["masked"]
    assert [(side["file"], side["entity"]) for side in asked["sides"]] == [(None, "P-1"), (None, "P-2")]
    assert "file 1" not in desk.do("links", "show", desk.home, asked["question"])
    assert desk.run("links", "show", desk.home, asked["question"], "--because", "her lawyer called") == 1
    assert "P-1 is shown only with a reason of its own" in desk.err
    both = ("--with", "P-1", "her lawyer called", "--with", "P-2", "the same advert")
    shown = desk.json("links", "show", desk.home, asked["question"], *both)
    assert [side["file"] for side in shown["sides"]] == ["1", "1"]
    # No one kept the third one: it is hers all the same, and leaves no desk unless she is named.
    third = send(desk, drawn_scene(4), smaller(drawn_scene(1)), mailbox=3)
    desk.tamper("DELETE FROM pictures WHERE submission = 3", "DELETE FROM picture_readings WHERE submission = 3")
    desk.do("save", desk.home, third, "--to", desk.folder / "third", "--on-disk")
    assert f"file 2 of tip {third} shows a picture of P-1" in desk.err, "it is read before it is saved"
    sides = [side for one in questions(desk) for side in one["sides"] if side["tip"] == third]
    assert sides
    assert {side["file"] for side in sides} == {None}
    desk.do("evidence", desk.home, third)
    assert f"file 2 of tip {third} shows a picture of P-1 and is left out" in desk.err
    assert files_leaving(desk, third) == {1}
    assert files_leaving(desk, third, unmask=1) == {1, 2}
    # When the tips go with which she was kept, it stays masked by its place.
    for tip in (first, asked["sides"][1]["tip"]):
        desk.do("delete", desk.home, tip, "--because", "asked")
    assert desk.json("entities", "masks", desk.home)["masks"][0]["tips"] == [third]
    assert files_leaving(desk, third) == {1}


def test_a_picture_that_is_forgotten_before_it_was_looked_at_gets_no_fingerprint(desk: Desk) -> None:
    for place in range(2):
        send(desk, drawn_scene(1), mailbox=place)
    desk.do("links", "answer", desk.home, questions(desk)[0]["question"], "unsure", "--because", "two adverts")
    desk.tamper("DELETE FROM pictures", "DELETE FROM picture_readings")
    desk.do("forget", desk.home, "E-1")
    desk.do("forget", desk.home, "E-2")
    assert questions(desk, "--weak") == []
    assert fingerprints(desk) == {}
