"""A colleague who dismisses a finding before hearing that the person was harmed ends no mask, in any order."""

from collections.abc import Iterator
from itertools import permutations

import pytest

from reviewer.casebook.entities import SaidRole
from reviewer.home.home import Home
from reviewer.linking.entity_work import add_role, relate
from reviewer.linking.finding_work import dismiss, keep
from reviewer.linking.mask_removal import lasting_masks, remove_mask
from reviewer.linking.masking import Masks
from reviewer.linking.tip_reading import read_new_tips
from system.errors import ProgramError
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.laptops import DAY, Laptops, three_laptops
from tests.reviewer.linking.test_link_rounds import state

TEXT = "tip {n}: they call her Nadja, number +44 7700 90012{n}"


@pytest.fixture
def laptops(desk: Desk, second: Colleague) -> Iterator[Laptops]:
    with three_laptops(desk, second, TEXT) as three:
        for home in three.homes:
            read_new_tips(home)
        yield three


def number_of(home: Home, kind: str) -> int:
    """Her name or her number in the first tip."""
    tip = home.casebook.submissions.all()[0]
    return next(one.number for one in home.casebook.findings.of(tip.number) if one.kind == kind)


def masked(home: Home) -> set[str]:
    """The kinds of the findings of the first tip whose words are hidden."""
    tip, masks = home.casebook.submissions.all()[0], Masks(home)
    return {one.kind for one in home.casebook.findings.of(tip.number) if masks.of_finding(one) is not None}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_her_words_stay_masked_until_a_person_gives_a_reason(laptops: Laptops, order: tuple[int, ...]) -> None:
    ana, ben, cleo = laptops.homes
    name, phone = number_of(ana, "person"), number_of(ana, "phone")
    (person,), (number,) = keep(ana, [name], today=DAY), keep(ana, [phone], today=DAY)
    kept = laptops.write(ana)
    laptops.read(ben, kept)
    add_role(ana, person, ana.casebook.submissions.all()[0], SaidRole.HARMED, today=DAY)
    relate(ana, person, "uses", number, finding=phone, today=DAY)
    called = laptops.write(ana)
    with pytest.raises(ProgramError, match="remove the mask first"):
        dismiss(ana, [name], today=DAY)
    for kind in ("person", "phone"):  # Ben has not heard of the role
        dismiss(ben, [number_of(ben, kind)], today=DAY)
    taken = laptops.write(ben)
    for place in order:
        laptops.read(cleo, (kept, called, taken)[place])
    laptops.rounds(2)
    for home in laptops.homes:
        assert masked(home) == {"person", "phone"}
        assert len(lasting_masks(home)) == 2
    first, *others = [state(home) for home in laptops.homes]
    assert others == [first, first]
    # Cleo looks, and says why they may be shown: at every desk, by name.
    for one in lasting_masks(cleo):
        with pytest.raises(ProgramError, match="with a reason"):
            remove_mask(cleo, one.number, "", today=DAY)
        remove_mask(cleo, one.number, "it is a taxi", today=DAY)
    laptops.rounds(2)
    for home in laptops.homes:
        assert masked(home) == set()
        assert lasting_masks(home) == []
    (removal,) = ana.casebook.lasting_masks.removals(person)
    assert removal.because == "it is a taxi"
    assert ana.casebook.log.names("mask removed", f"P-{person}, by {removal.reviewer}")


def test_of_two_findings_one_that_a_colleague_takes_stays_masked_and_so_does_the_person(laptops: Laptops) -> None:
    ana, ben, _cleo = laptops.homes
    tips = ana.casebook.submissions.all()
    names = [next(f.number for f in ana.casebook.findings.of(one.number) if f.kind == "person") for one in tips]
    (person,) = keep(ana, names[:1], today=DAY)
    keep(ana, names[1:2], entity=person, today=DAY)
    laptops.read(ben, laptops.write(ana))
    add_role(ana, person, tips[0], SaidRole.HARMED, today=DAY)
    dismiss(ben, [number_of(ben, "person")], today=DAY)
    laptops.rounds(2)
    for home in laptops.homes:
        known = home.casebook.entities.number_of(ana.casebook.entities.id_of(person) or b"") or 0
        assert Masks(home).is_protected(known)
        assert "person" in masked(home)
