"""The position that a picture names: read by a shut-in process, a finding, and used only after a person kept it."""

import io
from zlib import crc32

import pytest
from PIL import Image

from reviewer.clean_copy.picture_kind import PictureKind
from reviewer.clean_copy.position import position
from reviewer.reading.place_readings import reading_said
from tests.fakes_server import a_mailbox
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import entities, findings, kept_person, next_id

GPS, HERE = 0x8825, "position:47.162,27.589"
AFTER_HEADER = 33
"""Bytes of a PNG before the place for a chunk."""


def photo(form: str, *, north: str = "N", degrees: float = 47.1622, east: float = 27.5889) -> bytes:
    """A small photo whose EXIF names a position."""
    exif = Image.Exif()
    exif.get_ifd(GPS).update({1: north, 2: parts(degrees), 3: "E", 4: parts(east)})
    file = io.BytesIO()
    Image.effect_noise((160, 120), 90).convert("RGB").save(file, form, exif=exif)
    if form != "PNG":
        return file.getvalue()
    block = b"eXIf" + exif.tobytes().removeprefix(b"Exif\0\0")
    chunk = (len(block) - 4).to_bytes(4, "big") + block + crc32(block).to_bytes(4, "big")
    return file.getvalue()[:AFTER_HEADER] + chunk + file.getvalue()[AFTER_HEADER:]


def with_xmp(form: str, told: str) -> bytes:
    """A small photo without EXIF whose XMP has these words."""
    file, image = io.BytesIO(), Image.effect_noise((16, 12), 90).convert("RGB")
    if form == "PNG":
        image.save(file, form)
        block = b"iTXtXML:com.adobe.xmp\0\0\0\0\0" + told.encode()
        chunk = (len(block) - 4).to_bytes(4, "big") + block + crc32(block).to_bytes(4, "big")
        return file.getvalue()[:AFTER_HEADER] + chunk + file.getvalue()[AFTER_HEADER:]
    image.save(file, form, xmp=told.encode())
    return file.getvalue()


def parts(degrees: float) -> tuple[float, float, float]:
    """Degrees, minutes and seconds."""
    minutes = degrees % 1 * 60
    return float(int(degrees)), float(int(minutes)), round(minutes % 1 * 60, 2)


def send_photo(desk: Desk, content: bytes, text: str = "Nadja was here") -> str:
    envelope = desk.server.seal(
        fields=[("text", text)],
        files=[("photo.jpg", "image/jpeg", content)],
        mailbox=a_mailbox(1),
        submission_id=next_id(),
    )
    (short_id,) = desk.take_in(envelope)
    return short_id


def where(desk: Desk, tip: str) -> dict[str, object]:
    """The one finding that is a position."""
    (found,) = [one for one in findings(desk, tip) if (one["part"], one["kind"]) == ("picture", "place")]
    return found


@pytest.mark.parametrize("kind", list(PictureKind))
def test_the_position_in_a_picture_is_found_to_a_thousandth_of_a_degree(kind: PictureKind) -> None:
    if kind is PictureKind.GIF:
        assert position(b"GIF89a" + bytes(40), kind) is None
        return
    content = photo(kind.name)
    assert position(content, kind) == (47162, 27589)
    assert position(photo(kind.name, north="S"), kind) == (-47162, 27589)
    for spoilt in (
        photo(kind.name, north="X"),
        photo(kind.name, degrees=95.0),
        photo(kind.name, degrees=0, east=0),
    ):
        assert position(spoilt, kind) is None
    for length in range(0, len(content), 97):
        assert position(content[:length], kind) in (None, (47162, 27589))
    assert position(with_xmp(kind.name, 'exif:GPSLatitude="47,9.732N" exif:GPSLongitude="27,35,20W"'), kind) == (
        47162,
        -27589,
    )
    inside = "<exif:GPSLatitude>47,9.732S</exif:GPSLatitude><exif:GPSLongitude>27,35.334E</exif:GPSLongitude>"
    assert position(with_xmp(kind.name, inside), kind) == (-47162, 27589)
    for spoilt in ('exif:GPSLatitude="97,0.0N" exif:GPSLongitude="1,0.0E"', 'exif:GPSLatitude="47,9.7E"'):
        assert position(with_xmp(kind.name, spoilt), kind) is None


def test_a_position_is_a_new_finding_and_is_on_no_map_before_a_person_kept_it(desk: Desk) -> None:
    tip = send_photo(desk, photo("JPEG"))
    found = where(desk, tip)
    assert (found["kind"], found["state"], found["part"], found["readings"]) == ("place", "new", "picture", [HERE])
    assert reading_said(HERE).startswith("47.162, 27.589, about ")
    assert entities(desk) == []
    boss = kept_person(desk, tip, "Nadja")
    assert desk.json("map", desk.home, boss)["rows"] == []
    desk.do("findings", "list", desk.home, "--again")
    again = where(desk, tip)
    desk.do("findings", "keep", desk.home, str(again["finding"]), "--to", boss)
    (row,) = desk.json("map", desk.home, boss)["rows"]
    assert row[1:] == ["47.162, 27.589", "a ring at the position that the picture names"]
    with open_desk(desk.home) as opened:
        assert "read as 47.162, 27.589, about" in seen(opened.page(f"/tip/{tip}/findings"))
    desk.do("findings", "list", desk.home, "--again")
    assert where(desk, tip)["state"] == "kept"


def test_a_position_is_never_kept_for_a_harmed_person_and_goes_with_its_file(desk: Desk) -> None:
    tip = send_photo(desk, photo("JPEG"))
    person = kept_person(desk, tip, "Nadja")
    found = str(where(desk, tip)["finding"])
    desk.do("findings", "keep", desk.home, found, "--to", person)
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    let_go = where(desk, tip)
    assert let_go["state"] == "new", "what may be her present place is let go of"
    assert let_go["masked"], "and is shown to no one"
    assert let_go["readings"] is None
    assert desk.run("findings", "keep", desk.home, found, "--to", person) == 1
    assert "not recorded finer than a region" in desk.err
    desk.delete_part(tip, "--file", "1", because="asked")
    assert [one for one in findings(desk, tip) if one["part"] == "picture"] == []
    desk.do("findings", "list", desk.home, "--again")
    assert [one for one in findings(desk, tip) if one["part"] == "picture"] == []
