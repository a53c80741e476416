"""Passages and files beside a referral: masked where a person does not leave, refused where a person withdrew."""

from pathlib import Path

from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.conftest import memory
from tests.reviewer.leaving.test_referral import CONSENT, FOR, two_at_work
from tests.reviewer.linking.invented_tips import NUMBER, findings, kept_person, next_id, tell

__all__ = ["memory"]


def a_tip_with_a_file(desk: Desk) -> tuple[str, str]:
    """Nadja, whom the tip calls harmed, tells of Karel on three lines and sends a list; the tip, and her name."""
    (tip,) = desk.take_in(
        desk.server.seal(
            fields=[("text", f"Nadja Kovac came with Karel.\nAsk NADJA\nKOVAC, {NUMBER}")],
            files=[("Nadja.txt", "text/plain", b"a list")],
            mailbox=a_mailbox(7),
            submission_id=next_id(),
        )
    )
    person = kept_person(desk, tip, "Nadja Kovac")
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    return tip, f"P-{person[2:]}"


def passages(desk: Desk, *arguments: str) -> list[str]:
    """The passages of a preview."""
    told = desk.json("refer", desk.home, *arguments, *FOR, "--passages", "all")
    return [each["text"] for tip in told["tips"] for each in tip["passages"]]


def test_words_of_a_person_who_does_not_leave_are_masked_on_each_line(desk: Desk) -> None:
    tip, her = a_tip_with_a_file(desk)
    karel = kept_person(desk, tip, "Karel")
    phone = next(one for one in findings(desk, tip) if one["kind"] == "phone")
    desk.do("findings", "keep", desk.home, str(phone["finding"]))
    desk.do("relate", desk.home, her, "uses", "E-3", "--finding", str(phone["finding"]))
    first, second, third = passages(desk, karel, "--tip", tip)
    assert first == "[#1] came with Karel."
    assert "NADJA" not in second
    assert "KOVAC" not in third
    assert "7700" not in third
    desk.do("consents", "add", desk.home, her, *CONSENT)
    ticked = ("--with", her, "--tip", tip)
    assert "Nadja Kovac" in passages(desk, *ticked, "--names")[0]
    # She agreed to be referred; without --names her name leaves nowhere.
    assert "Nadja" not in passages(desk, *ticked)[0]


def test_no_file_leaves_of_a_tip_in_which_a_person_stands_who_withdrew(desk: Desk, memory: Path) -> None:
    tip, her = a_tip_with_a_file(desk)
    karel = kept_person(desk, tip, "Karel")
    chosen = ("refer", desk.home, karel, *FOR, "--tip", tip, "--files", "all", "--passages", "1")
    warned = desk.json(*chosen)["warnings"]
    assert warned == [
        "1 words of persons who do not leave are masked",
        f"nothing is masked in files: {her} may be in those of tip {tip}",
    ]
    desk.do("consents", "withdraw", desk.home, her, "--by", "herself")
    plain = ("--plain-because", "asked by the court", "--to", memory / "a")
    assert desk.run(*chosen, *plain) == 1
    assert f"{her} withdrew consent" in desk.err
    assert not (memory / "a").exists()
    without = [one for one in chosen if one not in ("--files", "all")]
    shown = desk.json(*without)
    assert shown["tips"][0]["files"] == []
    desk.do(*without, "--code", shown["code"], *plain)
    # After the preview something else was kept: the code is that of other lines.
    other, _number = two_at_work(desk)[1:]
    again = ("refer", desk.home, karel, other, *FOR, "--code", shown["code"])
    assert desk.run(*again, "--plain-because", "x", "--to", memory / "b") == 1
    assert "this has changed since it was shown" in desk.err


def test_the_words_of_one_who_withdrew_are_masked_although_no_tip_calls_this_person_harmed(desk: Desk) -> None:
    tip, person, _number = two_at_work(desk)
    desk.do("consents", "withdraw", desk.home, person, "--by", "himself")
    other = kept_person(desk, tip, "has")
    # What belongs to him alone is withdrawn with him.
    assert passages(desk, other, "--tip", tip) == ["[#1] has +[#2]"]


def test_the_last_finding_of_one_who_withdrew_is_not_dismissed(desk: Desk) -> None:
    _tip, person, _number = two_at_work(desk)
    finding = next(one["finding"] for one in findings(desk) if one["entity"] == person)
    desk.do("consents", "withdraw", desk.home, person, "--by", "himself")
    assert desk.run("findings", "dismiss", desk.home, str(finding)) == 1
    assert "withdrew consent" in desk.err
    other = kept_person(desk, tell(desk, "Otto", mailbox=2), "Otto")
    assert desk.run("findings", "keep", desk.home, str(finding), "--to", other) == 1
    assert desk.run("refer", desk.home, person, *FOR) == 1
