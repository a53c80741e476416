"""Vectors of ``docs/formats/questionnaire.md``. Each has the vocabularies that it may name, so that no list that is
shipped can change it. Nothing in them is random.
"""

import hashlib
import tomllib
from typing import Any

from tests.vectors.book import MALFORMED, OPENS, VectorBook, bytes_of, edited, text

SMALL = """\
name = "work"

[[sections]]
key = "place"

[[sections.questions]]
key = "kind"
type = "choice"
choices = ["factory", "farm"]

[[sections]]
key = "factory"
when = { kind = ["factory"] }

[[sections.questions]]
key = "company"
type = "text"

[text.en]
title = "Work"
kind = "What kind of place is it?"
"kind.factory" = "A factory"
"kind.farm" = "A farm"
company = "Which company is it?"
"company.hint" = "Write it as it stands on the door."
"""
EVERY_TYPE = """\
name = "every-type"

[[sections]]
key = "one"

[[sections.questions]]
key = "t"
type = "text"
long = true
suggestions = "places"

[[sections.questions]]
key = "m"
type = "many"
choices = ["field", "road"]
vocabulary = "places"

[[sections.questions]]
key = "w"
type = "when"

[[sections.questions]]
key = "p"
type = "place"
countries = ["AT", "BD"]

[[sections.questions]]
key = "n"
type = "number"

[[sections.questions]]
key = "f"
type = "file"

[text.en]
title = "Title"
intro = "Intro"
"section:one" = "One"
t = "Text"
m = "Many"
"m.field" = "Field"
"m.road" = "Road"
w = "When"
p = "Place"
n = "Number"
f = "File"
"""
VOCABULARIES = {"places": ["field", "road", "sea"]}
SECTION_AFTER = """\
[[sections]]
key = "farm"
when = { later = ["a"] }
[[sections.questions]]
key = "acres"
type = "number"
[[sections]]
key = "last"
[[sections.questions]]
key = "later"
type = "choice"
choices = ["a", "b"]
"""
TEXTS_AFTER = 'acres = "A"\nlater = "L"\n"later.a" = "a"\n"later.b" = "b"\n'


def changed(old: str, new: str, file: str = SMALL) -> bytes:
    return edited(file.encode(), old.encode(), new.encode())


def fill() -> None:
    book = VectorBook("questionnaire")
    small = SMALL.encode()
    for name, raw in (
        ("file_sound", small),
        ("file_with_every_type", EVERY_TYPE.encode()),
        ("file_of_65536_bytes", small + b"#" * (65_536 - len(small))),
        ("lines_that_end_as_on_windows", small.replace(b"\n", b"\r\n")),
        ("section_with_the_key_of_a_question", changed('key = "place"', 'key = "kind"')),
        ("language_without_texts", small + b"\n[text.zh-Hans]\n"),
    ):
        _add(book, name, OPENS, raw)
    for name, raw in _faults():
        _add(book, name, MALFORMED, raw)
    book.save()


def _faults() -> list[tuple[str, bytes]]:
    small = SMALL.encode()
    later = changed("[text.en]\n", SECTION_AFTER + "[text.en]\n" + TEXTS_AFTER)
    lake = changed('["field", "road"]', '["field", "lake"]', EVERY_TYPE).replace(b"m.road", b"m.lake")
    title = changed('key = "company"', 'key = "title"').replace(b"\ncompany =", b"\n#company =")
    title = edited(title, b"company.hint", b"title.hint")
    countries = changed('type = "text"', 'type = "text"\ncountries = ["AT", "BD"]')
    boats = changed('suggestions = "places"', 'suggestions = "boats"', EVERY_TYPE)
    return [
        ("file_of_65537_bytes", small + b"#" * (65_537 - len(small))),
        ("file_after_a_byte_order_mark", b"\xef\xbb\xbf" + small),
        ("file_not_utf_8", edited(small, b"A farm", b"A f\xe4rm")),
        ("file_not_toml", changed('name = "work"', "name = work")),
        ("number_of_5000_digits", changed('"work"', "9" * 5000)),
        ("top_with_an_unknown_key", changed('name = "work"', 'name = "work"\nversion = 1')),
        ("section_twice", changed('key = "factory"', 'key = "place"')),
        ("question_called_title", title),
        ("question_with_an_option_of_another_type", countries),
        ("choice_called_hint", changed('"farm"]', '"hint"]').replace(b"kind.farm", b"kind.hint")),
        ("choice_outside_of_its_vocabulary", lake),
        ("suggestions_of_an_unknown_vocabulary", boats),
        ("when_of_a_choice_that_is_none", changed("{ kind = [", '{ kind = ["shop", ')),
        ("when_of_a_question_that_comes_later", later),
        ("text_missing_in_english", changed('company = "Which company is it?"\n', "")),
        ("text_that_belongs_to_nothing", changed('title = "Work"', 'title = "Work"\ntitel = "Work"')),
        ("text_with_a_tab", changed('"Work"', '"Wo\\trk"')),
        ("text_of_401_letters", changed('"Work"', '"' + "x" * 401 + '"')),
        ("language_tag_with_an_underscore", small + b"\n[text.zh_Hans]\n"),
    ]


def _add(book: VectorBook, name: str, outcome: str, raw: bytes) -> None:
    try:
        pieces = [text(raw)]
    except UnicodeDecodeError:
        pieces = [{"hex": raw.hex()}]
    if raw.endswith(b"#" * 1000):
        start = raw.rstrip(b"#")
        pieces = [text(start), {"text": "#", "times": len(raw) - len(start)}]
    assert bytes_of(pieces) == raw
    told: dict[str, Any] = {"vocabularies": VOCABULARIES, "file": pieces}
    if outcome == OPENS:
        found = tomllib.loads(raw.decode())
        asked = [[one["key"], one["type"]] for section in found["sections"] for one in section["questions"]]
        told |= {"door": found["name"], "questions": asked, "sha256": hashlib.sha256(raw).hexdigest()}
        told["languages"] = sorted(found["text"])
    book.add_fixed(name, outcome, told)
