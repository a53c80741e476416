"""Worked examples of what buttons, relays and duty machines send: ids, marks, sightings, week files."""

from lab.second.aes import encrypt
from tests.vectors.worked import dump, fields_of, from_vector, section, split, values, vector_of

SIGHTING = (
    *(("magic", 8), ("version", 1), ("flags", 1), ("relay 3", 2), ("week_year", 2), ("week_number", 1)),
    *(("run", 8), ("number", 4), ("sent", 4), ("frames", 4), ("refused", 2), ("kind", 1), ("latitude", 4)),
    *(("longitude", 4), ("accuracy", 2), ("ids", 1), ("id", 8), ("first", 4), ("last", 4), ("count", 2)),
    *(("strength, -71 dBm", 1), ("zero", 1), ("padding", 923), ("MAC", -1)),
)


def rotating_id() -> str:
    vector = vector_of("rotating_id", "button_0_help-1")
    key, time = bytes.fromhex(str(vector["key"])), int(str(vector["time"]))
    first = bytes(11) + b"\xff\0\0" + (time >> 16).to_bytes(2, "big")
    temporary = encrypt(key, first)
    second = bytes(11) + b"\x0a" + (time >> 10 << 10).to_bytes(4, "big")
    return section(
        "Vector `button_0_help-1` of `tests/vectors/rotating_id.json`.",
        values(
            ("seed", str(vector["seed"])),
            ("meaning", str(vector["meaning"])),
            ("key of the meaning", key),
            ("time", f"{time} (2026-11-25 12:00 UTC)"),
            ("first block", first),
            ("temporary key", temporary),
            ("second block", second),
            ("its result", encrypt(temporary, second)),
            ("id", str(vector["id"])),
        ),
    )


def day_mark() -> str:
    mark, frame = vector_of("day_mark", "mark_of_2026-11-25"), vector_of("frame", "frame_of_today")
    layout = (("length", 1), ("type", 1), ("mark, its last byte first", 16), ("id", 8))
    return section(
        "Vectors `mark_of_2026-11-25` of `tests/vectors/day_mark.json` and `frame_of_today` of"
        " `tests/vectors/frame.json`.",
        values(*((name, str(mark[name])) for name in ("mark_key", "day", "mark"))),
        dump(split(bytes.fromhex(str(frame["frame"])), *layout)),
    )


def sighting() -> str:
    said, raw = from_vector("sighting", "sighting_of_one_id", "sighting")
    key = vector_of("sighting", "sighting_of_one_id")["key"]
    return section(f"{said} The key of the MAC is `{key}`.", dump(split(raw, *SIGHTING)))


def week_file() -> str:
    said, raw = from_vector("week_file", "week_of_two_buttons", "inside")
    length = int.from_bytes(raw[105:109], "big")
    head = split(raw[:109], ("magic", 8), ("version", 1), ("sender", 32), ("signature", 64), ("document_bytes", 4))
    ids = [(f"{len(raw[109 + length :]) // 8} ids", raw[109 + length :])]
    document = fields_of(raw[109 : 109 + length])
    return section(f"{said} Two buttons, three windows.", dump([*head, *document, *ids]))


def relay_file() -> str:
    said, raw = from_vector("relay_file", "file_of_one_day", "inside")
    head = split(raw[:105], ("magic", 8), ("version", 1), ("sender", 32), ("signature", 64))
    return section(f"{said} One mark.", dump([*head, *fields_of(raw[105:])]))


def duty_note() -> str:
    said, raw = from_vector("duty_note", "note_of_one_press", "inside")
    layout = (("magic", 8), ("version", 1), ("machine", 1), ("week_year", 2), ("week_number", 1), ("number", 8))
    rest = (
        ("sent", 4),
        ("presses", 1),
        ("button 12", 2),
        ("help-1", 1),
        ("late only", 1),
        ("window", 4),
        ("acknowledged", 4),
    )
    return section(said, dump(split(raw, *layout, *rest, ("padding", 1978), ("MAC", -1))))
