"""Translations lie beside the text: by staff, and from outside, where only chosen passages went."""

import subprocess
from pathlib import Path

import pytest

from crypto.keys.keys import HybridSecretKey
from reviewer.cases.outside_translation import passages_of
from reviewer.cases.text_mask import maskable_words
from tests.fakes_server import a_mailbox
from tests.reviewer.cases.test_sealed_files import container, taken_in
from tests.reviewer.desk.open_desk import hidden_fields, open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.older_casebook import as_version

TIP = "Trabajo en la granja de Larko. Nos quitaron los papeles.\nMi prima Marisel está aquí también. Ayuda."


def keygen(folder: Path) -> tuple[Path, str]:
    """A translator's identity file and public key, as the age program makes them."""
    path = folder / "translator.txt"
    subprocess.run(["age-keygen", "-o", path], check=True, capture_output=True)
    public = subprocess.run(["age-keygen", "-y", path], check=True, capture_output=True, text=True).stdout
    return path, public.strip()


def age(*arguments: str | Path) -> str:
    return subprocess.run(
        ["age", *map(str, arguments)], check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout


def test_a_translation_by_command_is_shown_searched_and_lies_in_backups(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", TIP)], mailbox=a_mailbox()))
    file = desk.folder / "translation"
    file.write_text("I work at the farm of Larko.\n", encoding="utf-8")
    desk.do("translation", "add", desk.home, short_id, "--by", "Ana", "--text-file", file)
    shown = desk.do("show", desk.home, short_id)
    assert "translation 1 by Ana" in shown
    assert "│ I work at the farm of Larko." in shown
    (found,) = desk.show(short_id)["translations"]
    assert (found["by"], found["part"], found["from_outside"]) == ("Ana", "0", False)
    assert desk.json("search", desk.home, "farm")["total"] == 1
    backup, restored = desk.backup(), desk.folder / "restored"
    desk.do("restore", restored, "--from", backup, "--identity", desk.root / "casebook-backup-reviewer.key")
    assert desk.json("search", restored, "farm")["total"] == 1
    desk.do("translation", "destroy", desk.home, short_id, "1")
    assert desk.json("search", desk.home, "farm")["total"] == 0


def test_at_the_desk_a_translation_stands_beside_its_text_and_what_was_typed_wrongly_stays(desk: Desk) -> None:
    inside = container(desk, "texto sellado")
    short_id = taken_in(desk, inside)
    with open_desk(desk.home) as opened:
        page = opened.page(f"/tip/{short_id}")
        assert "Translate this text" in page
        sealed_part = "1.0" if 'value="1.0"' in page else "0.0"
        path = f"/tip/{short_id}/translation"
        refused = opened.post(path, part=sealed_part, text="a sealed text", by="")
        assert refused.status_code == 422
        assert "a sealed text</textarea>" in refused.text
        page = opened.done(path, part=sealed_part, text="a sealed text\u202e<b>", by="Ana")
        assert "Translation by Ana" in seen(page)
        assert "U+202E" in page
        assert "\u202e" not in page
        assert "1 found" in seen(opened.post("/search", words="sealed text").text)
        assert opened.post(path, part="99", text="x", by="Ana").status_code == 422


def compared(desk: Desk, recipient: str) -> None:
    desk.do("translators", "add", desk.home, "Ana", recipient)
    desk.do("translators", "compared", desk.home, "Ana", recipient[-16:])


def test_only_chosen_passages_leave_with_words_masked_and_the_age_program_reads_them(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", TIP)], mailbox=a_mailbox()))
    identity, recipient = keygen(desk.folder)
    out = desk.folder / "order.age"
    seal = ("translation", "seal", desk.home, short_id, "--for", "Ana", "--passage", "1", "--passage", "3")
    desk.do("translators", "add", desk.home, "Ana", recipient)
    assert desk.run(*seal, "--out", out) == 1
    assert "nothing leaves in one step" in desk.err
    assert desk.run(*seal, "--out", out, "--code", desk.code_of(*seal, "--out", out)) == 1
    assert "not compared by telephone" in desk.err
    assert desk.run("translators", "compared", desk.home, "Ana", "q" * 16) == 1
    desk.do("translators", "compared", desk.home, "Ana", f"{recipient[-16:-8]} {recipient[-8:].upper()}")
    assert desk.run(*seal, "--mask", "Larco", "--out", out) == 1
    assert "not in the text" in desk.err
    assert not out.exists()
    desk.leave(*seal, "--mask", "larko", "--mask", "Marisel", "--out", out)
    letter = age("-d", "-i", identity, out)
    assert "(1) Trabajo en la granja de [#1]." in letter
    assert "(3) Mi prima [#2] está aquí también." in letter
    for absent in ("papeles", "Larko", "Marisel", short_id, "Ayuda"):
        assert absent not in letter
    sealed = out.read_bytes()
    assert desk.run(*seal, "--out", out, "--code", desk.code_of(*seal, "--out", out)) == 1
    assert "a file of this name already" in desk.err
    assert out.read_bytes() == sealed
    log = desk.do("log", "show", desk.home)
    assert f"{short_id}, order 1" in log
    assert "order 2" not in log
    assert "Larko" not in log

    back = desk.folder / "back.age"
    (desk.folder / "plain").write_text("(1) I work at [#1]'s farm.\x1b[2J\n", encoding="utf-8")
    one_time = next(word for word in letter.split() if word.startswith("age1"))
    age("-r", recipient, "-o", back, desk.folder / "plain")
    assert desk.run("translation", "take", desk.home, "1", back) == 1
    assert "not sealed to the key of this order" in desk.err
    age("-a", "-r", one_time, "-o", back, desk.folder / "plain")
    desk.do("translation", "take", desk.home, "1", back)
    (found,) = desk.show(short_id)["translations"]
    assert (found["by"], found["from_outside"]) == ("Ana", True)
    shown = desk.do("show", desk.home, short_id)
    assert "I work at [#1]'s farm." in shown
    assert "\x1b" not in shown
    assert desk.run("translation", "take", desk.home, "1", back) == 1
    assert "returned already" in desk.err


def test_a_post_quantum_key_and_a_plain_return_are_taken_too(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", TIP)], mailbox=a_mailbox()))
    key = HybridSecretKey.generate()
    compared(desk, str(key.public_key()))
    out, identity = desk.folder / "order.age", desk.folder / "identity"
    desk.leave("translation", "seal", desk.home, short_id, "--for", "Ana", "--passage", "2", "--out", out)
    identity.write_text(key.reveal() + "\n", encoding="ascii")
    letter = desk.pipe("open-age", "--identity", identity, source=out).decode()
    assert "(2) Nos quitaron los papeles." in letter
    assert "age1pq1" in letter
    (desk.folder / "plain.txt").write_text("(2) They took our papers.", encoding="utf-8")
    desk.do("translation", "take", desk.home, "1", desk.folder / "plain.txt")
    assert desk.json("search", desk.home, "papers")["total"] == 1


def test_the_desk_shows_what_the_translator_will_read_before_it_seals(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", TIP)], mailbox=a_mailbox()))
    identity, recipient = keygen(desk.folder)
    out = desk.folder / "order.age"
    with open_desk(desk.home) as opened:
        assert opened.post("/translators", name="Ana", key="age1nonsense").status_code == 422
        assert recipient[-16:] not in opened.done("/translators", name="Ana", key=recipient)
        assert opened.post("/translators", name="Ana", letters="q" * 16, compared="yes").status_code == 422
        opened.done("/translators", name="Ana", letters=recipient[-16:], compared="yes")
        path = f"/tip/{short_id}/outside/0"
        assert "Larko" in opened.page(path)
        assert opened.post(path, mask="Larko").status_code == 422
        shown = opened.post(path, passage="1", mask="Larko")
        assert "granja de [#1]" in seen(shown.text)
        assert not out.exists()
        seal = {"passage": "1", "translator": "Ana", "file": str(out), "seal": "yes"}
        assert opened.post(path, **seal, mask="Larko").status_code == 422  # no preview
        code = hidden_fields(shown.text)["code"]
        other = opened.post(path, **seal, code=code)  # the tick at the word was taken away since
        assert other.status_code == 422
        assert "this has changed since it was shown" in other.text
        assert not out.exists()
        sealed = opened.post(path, **seal, mask="Larko", code=code)
        assert "Order 1 is sealed" in seen(sealed.text)
        assert "granja de [#1]" in age("-d", "-i", identity, out)
        (desk.folder / "back.txt").write_text("(1) I work at the farm of [#1].", encoding="utf-8")
        page = opened.done(f"/tip/{short_id}/returned/1", file=str(desk.folder / "back.txt"))
        assert "from outside" in seen(page)


def test_passages_are_whole_and_common_words_are_not_offered_for_masking() -> None:
    assert "".join("".join(passages_of(TIP)).split()) == "".join(TIP.split())
    assert len(passages_of("One. Two! " * 500)) == 200
    words = maskable_words(TIP)
    assert "Marisel" in words
    assert not {"en", "la", "de", "los"} & set(words)


def test_a_casebook_of_the_version_before_gets_the_languages_of_its_texts(desk: Desk) -> None:
    _one, _two = desk.take_in(
        desk.server.seal(fields=[("text", TIP)]),
        desk.server.seal(fields=[("text", "ok")], submission_id=b"2" * 16),
    )
    desk.tamper(*as_version(3))
    assert sorted(one["reads_like"] for one in desk.submissions()) == ["es", "unsure"]
    assert "reads like Spanish" in desk.do("list", desk.home)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"age-encryption.org/v1\n-> X25519 x\n", b""])
def test_what_is_no_translation_is_refused_and_the_order_stays_open(desk: Desk, content: bytes) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", TIP)]))
    compared(desk, keygen(desk.folder)[1])
    out = desk.folder / "order.age"
    desk.leave("translation", "seal", desk.home, short_id, "--for", "Ana", "--passage", "1", "--out", out)
    (desk.folder / "back").write_bytes(content)
    assert desk.run("translation", "take", desk.home, "1", desk.folder / "back") == 1
    assert desk.show(short_id)["translations"] == []
