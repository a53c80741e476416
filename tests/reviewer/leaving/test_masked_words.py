"""Words that are masked before an evidence package or a hand-over leaves."""

import json
from pathlib import Path

import pytest

from reviewer.cases.text_mask import TextMask, maskable_words, require_masks
from reviewer.home.home import open_home
from reviewer.linking.veil import name_parts
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.desk.open_desk import hidden_fields, open_desk, seen, ticks
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.conftest import Receiver
from tests.reviewer.leaving.test_evidence import a_tip, all_bytes
from tests.reviewer.leaving.test_hand_over import handed, key_of, other
from tests.reviewer.linking.test_masking import harmed_person

__all__ = ["other"]


def acts(desk: Desk) -> list[tuple[str, str]]:
    """The log: act and subject of each line."""
    return [(one["act"], one["subject"]) for one in desk.json("log", "show", desk.home)]


def test_a_word_has_one_mark_in_all_texts_and_a_mark_is_never_masked_again() -> None:
    mask = TextMask(["Amaranth", "Amaranth Tower", "1", " "])
    assert mask.within("AMARANTH met Li at Amaranth Tower, house 1.") == "[#1] met Li at [#2], house [#3]."
    assert mask.within("amaranth, in the Amaranths' house") == "[#1], in the [#1]' house"
    assert mask.masked == ["AMARANTH", "Amaranth Tower", "1"]


@pytest.mark.parametrize(
    ("word", "text", "shown"),
    [
        ("José", "José. Despues Jose, JOSE\u0301, Jo\u00adsé y Ｊｏｓé", "[#1]. Despues [#1], [#1], [#1] y [#1]"),
        ("أحمد", "أحمد ثم احمد وأَحْمَدُ", "[#1] ثم [#1] [#1]"),
        ("Zoë", "Zoe\u0308 and Zoë", "[#1] and [#1]"),
        ("ＡＬＩ", "ＡＬＩ and ALI", "[#1] and [#1]"),
        ("İbrahim", "İbrahim, ibrahim", "[#1], [#1]"),
        ("O'Brien", "O’Brien, O Brien", "[#1], [#1]"),
        ("Golden Fish", "golden\n  fish", "[#1]"),
        ("07700 900123", "07700-900123 or 07700900123 or ٠٧٧٠٠٩٠٠١٢٣", "[#1] or [#1] or [#1]"),
        ("☺", "☺ and ☻", "[#1] and ☻"),
    ],
)
def test_a_word_is_masked_in_each_of_its_spellings_with_one_mark(word: str, text: str, shown: str) -> None:
    require_masks([text], [word])
    mask = TextMask([word])
    assert mask.within(text) == shown
    assert len(mask.masked) == 1


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("Ana", "Mi hermana Ana, semana, Anatomie; Ana's", "Mi hermana [#1], semana, Anatomie; [#1]'s"),
        ("Thi", "A person decided this. The program joins nothing. Thi", None),
        ("Nadja", "Nadjas Haus, Nadjom, Nadjama-reka", "[#1] Haus, Nadjom, Nadjama-reka"),
        ("Надя", "с Надей, к Наде, Надежда, надя", "с [#1], к [#1], Надежда, [#1]"),
        ("فاطمة", "وفاطمة وبفاطمة فاطمي", "[#1] [#1] فاطمي"),
        ("রহিমা", "রহিমার রহিমাকে রহিমাবাদ", "[#1] [#1] রহিমাবাদ"),
        ("राम", "राम रामायण आराम", "[#1] रामायण आराम"),
        ("李娜", "我叫李娜，李娜们", "我叫[#1]，[#1]们"),
        ("สมชาย", "ชื่อสมชายครับ", "ชื่อ[#1]ครับ"),
        ("Li", "Li like Lili, LI", "[#1] like Lili, [#1]"),
        ("14", "14, 2014, 14a", "[#1], 2014, [#1]a"),
    ],
)
def test_a_mask_hides_a_whole_word_with_its_ending_and_no_letters_of_another(
    name: str, text: str, shown: str | None
) -> None:
    assert TextMask([name]).within(text) == (shown or text.replace("Thi", "[#1]"))


def test_a_short_part_of_a_name_is_masked_as_a_word_and_not_the_everyday_word_beside_it() -> None:
    assert TextMask(name_parts("Li Na")).within("Na ran. Na rua, Li") == "[#1] ran. [#1] rua, [#2]"
    assert TextMask(name_parts("Li Na")).within("moro na rua com a Na") == "moro na rua com a [#1]"


@pytest.mark.parametrize(
    ("name", "text", "tells"),
    [
        ("Nadja", "write to nadja or nadjaqorvell@example.org", True),
        ("李娜", "我叫李娜", True),
        ("Na", "Na rua, na casa", True),
        ("Ana", "Mi hermana Ana", False),
        ("Nadja", "nadjaqorvell@example.org", False),
    ],
)
def test_a_line_in_which_the_mask_could_be_guessed_is_marked(name: str, text: str, tells: bool) -> None:
    mask = TextMask([name])
    assert mask.could_be_guessed(mask.within(text)) is tells


def test_what_is_offered_for_masking_covers_each_spelling_in_the_text() -> None:
    text = "Hablé con José. Despues Jose y Zoe\u0308 con Zoë."
    assert TextMask(maskable_words(text)).within(text) == "[#1] con [#2]. Despues [#2] y [#3] con [#3]."


def test_a_masked_word_is_nowhere_in_a_package_whose_report_and_manifest_say_so(desk: Desk, memory: Path) -> None:
    short_id = a_tip(desk)
    ticked = ("--passages", "all", "--files", "1", "--clean", "--names", "--readable", "readable", "--for", "X")
    shown = ("--out", memory / "out", "--code", desk.code_of("evidence", desk.home, short_id, "--out", memory))
    assert desk.run("evidence", desk.home, short_id, *ticked, "--mask", "Amarant h", *shown) == 1
    assert "a word to mask is not in the text" in desk.err
    desk.do("evidence", desk.home, short_id, *ticked, "--mask", "amaranth", "--mask", "14", *shown)
    content = all_bytes(memory / "out")
    assert b"amaranth" not in content.lower()
    assert b"My sister is called [#1]." in content
    assert b"Words that staff left out, such as names: 2." in content
    manifest = json.loads((memory / "out" / "manifest.json").read_text())
    assert manifest["masked_words"] == 2
    assert [one["name"] for one in manifest["tips"][0]["files"]] == ["IMG_[#1].jpg"]


def test_at_the_desk_words_are_ticked_or_typed_and_the_preview_shows_marks(desk: Desk, receiver: Receiver) -> None:
    short_id = a_tip(desk, files=[])
    out = receiver.folder / "got"
    fields = {
        "tips": short_id,
        "receiver": "Prosecutor",
        "to": receiver.key,
        "mask": "sister",
        "more_masks": "Amaranth",
    }
    with open_desk(desk.home) as browser:
        page = browser.page(f"/evidence?tips={short_id}")
        assert 'name="mask" value="Amaranth"' in page
        fields["passage"] = ticks(page, "passage")[1]
        preview = browser.post("/evidence/preview", **fields).text
        shown = seen(preview)
        assert "My [#1] is called [#2]." in shown
        assert "Amaranth" not in shown
        again = browser.post("/evidence", **fields).text
        assert 'name="mask" value="Amaranth" checked' in again
        code = hidden_fields(preview)["code"]
        done = browser.post("/evidence/write", **fields, code=code, folder=str(out))
        assert done.status_code == 200, seen(done.text)


def test_a_handed_over_tip_has_marks_and_says_how_many_words_are_masked(desk: Desk, other: Desk) -> None:
    short_id = a_tip(desk)
    case = handed(desk, other, short_id, "--fields", "1", "--files", "1", "--mask", "Amaranth")
    other.do("hand-over", "read", other.home, case, "--words", key_of(desk)[1])
    (came,) = other.submissions()
    shown = other.show(came["id"])
    texts = json.dumps([shown["fields"], shown["files"]])
    assert "Amaranth" not in texts
    assert "My sister is called [#1]." in texts
    assert shown["fields"][-1]["name"] == "masked words"


def test_words_of_masked_persons_are_handed_over_as_marks_unless_each_has_a_reason_of_its_own(
    desk: Desk, other: Desk
) -> None:
    tip, person, number = harmed_person(desk)
    name, phone = person.replace("E", "P"), number.replace("E", "P")
    shown = desk.do("hand-over", "write", desk.home, tip)
    assert "[#1] is locked up" in shown
    assert f"words of {name} are masked (1); --with {name} REASON lets them leave" in desk.err
    case = handed(desk, other, tip, "--fields", "all")
    assert name in desk.err
    assert phone in desk.err
    other.do("hand-over", "read", other.home, case, "--words", key_of(desk)[1])
    (came,) = other.submissions()
    texts = json.dumps(other.show(came["id"])["fields"])
    assert "[#1] is locked up, her number is +[#2]" in texts
    assert "Nadja" not in texts
    assert "7700" not in texts
    both = ("--with", name, "her lawyer asked", "--with", phone, "the shelter calls her")
    assert "Nadja is locked up" in desk.do("hand-over", "write", desk.home, tip, *both)
    looks = acts(desk)
    assert looks[-3:-1] == [("entity opened", person), ("entity opened", number)], "the preview shows both"
    command, new = ("hand-over", "write", desk.home, tip), ("--out", desk.folder / "new")
    write = ("--to", key_of(other)[0], "--told", "agreed", "--fields", "all", "--code")
    assert desk.run(*command, *write, desk.code_of(*command, *new), *both, *new) == 1
    assert "this has changed since it was shown" in desk.err, "that preview had marks in place of their words"
    write = (*write, desk.code_of(*command, *both, *new))
    looks = acts(desk)
    assert desk.run("hand-over", "write", desk.home, tip, *write, *both, "--out", case) == 1
    assert "is there already" in desk.err
    assert desk.run("hand-over", "write", desk.home, tip, *write, *both, "--out", desk.folder / "no" / "way") == 1
    assert [one for one in acts(desk)[len(looks) :] if one[0] != "hand-over preview"] == [], "nothing left"
    handed(desk, other, tip, "--fields", "all", *both, name="named.handover")
    assert acts(desk)[-5:-1] == [
        *(("entity opened", person), ("entity opened", number)),
        *(("masked words leave", name), ("masked words leave", phone)),
    ]
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        openings = [home.casebook.entities.openings(int(one[2:])) for one in (person, number)]
    assert [{each.because for each in some} for some in openings] == [
        {"her lawyer asked"},
        {"the shelter calls her"},
    ]
    for wrong in ((name, " "), (name, "--mask"), (name, phone), (name, "x", "--with", name, "y"), ("P-99", "x")):
        assert desk.run("hand-over", "write", desk.home, tip, "--with", *wrong) != 0, wrong
        assert name in desk.err or "entity 99" in desk.err
    assert desk.run("hand-over", "key", desk.home, "--out", case) == 1
    assert "is no hand-over key file" in desk.err


def test_at_the_desk_a_masked_person_leaves_by_a_tick_with_a_reason_and_the_preview_names_her(desk: Desk) -> None:
    tip, person, number = harmed_person(desk)
    name, phone = person.replace("E", "P"), number.replace("E", "P")
    with open_desk(desk.home) as browser:
        page = browser.page(f"/evidence?tips={tip}")
        numbers = [person[2:], number[2:]]
        assert ticks(page, "unmask") == numbers
        assert not any(f'name="unmask" value="{one}" checked' in page for one in numbers)
        fields = {"tips": tip, "receiver": "Court", "passage": ticks(page, "passage")[0]}
        preview = browser.post("/evidence/preview", **fields).text
        assert "[#1] is locked up" in seen(preview)
        assert f"Words of these are masked: {name}, {phone}." in seen(preview)
        assert "Nadja" not in preview
        reason = {f"because-{person[2:]}": "court"}
        refused = browser.post("/evidence/preview", **fields, **reason, unmask=numbers)
        assert refused.status_code == 422
        assert f"what is masked as {phone} leaves only with a reason" in seen(refused.text)
        for kept in (f'name="because-{person[2:]}" value="court"', *(f'value="{one}" checked' for one in numbers)):
            assert kept in refused.text
        named = browser.post("/evidence/preview", **fields, **reason, unmask=person[2:]).text
        assert "Nadja is locked up, her number is +[#1]" in seen(named)
        assert f"{name} is protected or closed, and leaves unmasked. Reason: court" in seen(named)
        assert f'name="unmask" value="{person[2:]}"' in named
        assert f'name="because-{person[2:]}" value="court"' in named
        write = {**fields, **reason, "unmask": person[2:], "code": hidden_fields(named)["code"], "word": "readable"}
        assert browser.post("/evidence/write", **write, folder="/nowhere/here").status_code == 422
        form = browser.page(f"/hand-over?tips={tip}")
        assert ticks(form, "unmask") == numbers
        outside = browser.post(f"/tip/{tip}/outside/0", passage="1").text
        assert "(1) [#1] is locked up" in seen(outside)
    told = acts(desk)
    assert ("entity opened", person) in told, "a look at her words"
    assert ("entity opened", number) not in told
    assert ("masked words leave", name) not in told, "nothing was written"
