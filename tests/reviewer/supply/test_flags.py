"""Points, caps and levels of flags; ticks that speak for indicators; goods and editions of their lists."""

import datetime as dt
import random

import pytest

from crypto.questions.answers import answers_in
from crypto.questions.builtin_questionnaires import builtin_files, read_questionnaire
from reviewer.supply.facility_columns import BadColumnMap, BadRow
from reviewer.supply.flags import CONTEXT, Flag, Level, Rule, WeighedFlags, capped, goods_points, weights
from reviewer.supply.goods import GoodsColumns, edition_warning, good_key, goods_in
from reviewer.supply.indicators import indicator_titles, indicators_ticked, ticks

DAY = dt.date(2026, 11, 2)


def flag(rule: Rule, points: int, *, indicator: str = CONTEXT, group: str = "one", kind: str = "") -> Flag:
    return Flag(rule, "A sentence.", points, "a source", DAY, indicator, 1, group=group, kind=kind)


def tip(indicator: str, group: str = "one") -> Flag:
    return flag(Rule.TIP, 8, indicator=indicator, group=group)


def test_the_sum_is_that_of_the_lines_and_no_cap_is_passed_whatever_the_flags() -> None:
    drawn = random.Random("flags")
    for _ in range(200):
        some = [
            flag(drawn.choice(list(Rule)), drawn.randint(0, 20), group=drawn.choice("abc"))
            for _ in range(drawn.randint(0, 12))
        ]
        weighed = WeighedFlags(capped(some))
        assert weighed.points == sum(one.points for one in weighed.flags)
        assert len(weighed.flags) == len(some)
        assert all(one.points >= 0 for one in weighed.flags)
        for rule in (Rule.DOCUMENT, Rule.CUSTODY, Rule.GOODS):
            assert sum(one.points for one in weighed.flags if one.rule is rule) <= max(
                weights()[rule]["cap"], max((one.points for one in some if one.rule is rule), default=0)
            )
        backwards = WeighedFlags(capped(reversed(some)))
        assert (backwards.points, backwards.level) == (weighed.points, weighed.level)


def test_one_indicator_and_context_are_a_look_and_two_indicators_two_tips_or_a_judgement_are_serious() -> None:
    def level(*some: Flag) -> Level:
        return WeighedFlags(capped(some)).level

    papers = [flag(Rule.DOCUMENT, 3, group=str(one)) for one in range(9)]
    assert level() is Level.NOTHING
    assert level(flag(Rule.MAYBE_LISTED, 0)) is Level.NOTHING
    assert level(flag(Rule.GOODS, 10), flag(Rule.CUSTODY, 4), *papers) is Level.LOOK
    assert level(tip("threats")) is Level.LOOK
    assert level(tip("threats"), tip("violence")) is Level.SERIOUS
    assert level(tip("threats"), tip("threats", group="two")) is Level.SERIOUS
    assert level(tip("threats"), flag(Rule.FINDING, 1, indicator="violence", kind="visit")) is Level.SERIOUS
    assert level(flag(Rule.FINDING, 20, kind="audit")) is Level.LOOK
    assert level(flag(Rule.FINDING, 1, kind="court")) is Level.SERIOUS
    assert level(flag(Rule.LISTED, 0)) is Level.LISTED


def test_one_tip_with_all_eleven_indicators_gives_no_more_than_its_cap() -> None:
    weighed = WeighedFlags(capped(tip(one) for one in indicator_titles()))
    assert (len(weighed.flags), weighed.points) == (11, 24)


def test_goods_weigh_by_what_stands_on_the_list_and_half_if_they_are_made_of_it() -> None:
    assert [goods_points(child=one, forced=other, derived=False) for one, other in ((1, 0), (0, 1), (1, 1))] == [
        5,
        8,
        10,
    ]
    assert goods_points(child=True, forced=False, derived=True) == 3


def test_the_table_of_ticks_names_answers_that_are_offered_and_indicators_that_exist() -> None:
    for name, questions in ticks().items():
        if name not in builtin_files():
            continue
        offered = {one.key: one.choices for one in read_questionnaire(builtin_files()[name]).questions()}
        for key, answers in questions.items():
            assert set(answers) <= set(offered[key])
            assert set(answers.values()) <= set(indicator_titles())


def test_only_offered_ticks_speak_and_words_never_do() -> None:
    work = read_questionnaire(builtin_files()["work"])
    words = [("q:debt", "debt_bondage"), ("q:company", "withholding_wages"), ("q:children", "yes")]

    def found(*fields: tuple[str, str]) -> tuple[str, ...]:
        return indicators_ticked("work", answers_in(work, [*fields, *words])[0])

    assert found() == ()
    assert found(("q:signs", "threats"), ("q:signs", "debt_bondage")) == ("threats", "debt_bondage")
    assert found(("q:signs", "threats"), ("q:signs", "made-up")) == ()
    assert indicators_ticked("another", answers_in(work, [("q:signs", "threats")])[0]) == ()


def test_an_old_edition_and_one_without_a_year_are_warned_of() -> None:
    today = dt.date(2026, 11, 29)
    assert "old" in edition_warning("2021", today=today)
    assert "old" in edition_warning("edition of 2024-09", today=today)
    assert edition_warning("2024-12", today=today) == ""
    assert edition_warning("2026", today=today) == ""
    assert "no year" in edition_warning("spring", today=today)


def test_goods_are_equal_but_for_case_accents_and_punctuation_and_a_cell_may_hold_several() -> None:
    assert good_key("Açaí Berries") == good_key("ACAI-BERRIES") != good_key("Acai Berry")
    assert goods_in("Garments; Leather | - |  ") == ["Garments", "Leather"]


def test_a_list_of_goods_needs_its_columns_and_yes_or_no() -> None:
    with pytest.raises(BadColumnMap, match="good, country, child and forced"):
        GoodsColumns.parse('good = "Good"')
    columns = GoodsColumns.parse('good = "G"\ncountry = "C"\nchild = "K"\nforced = "F"\n[countries]\nBurma = "MM"')
    row = columns.read({"G": "Bamboo", "C": "Burma", "K": "X", "F": ""})
    assert (row.country, row.child, row.forced, row.derived) == ("MM", True, False, False)
    for bad in ({"C": "Atlantis"}, {"K": "perhaps"}, {"G": "-"}):
        with pytest.raises(BadRow):
            columns.read({"G": "Bamboo", "C": "MM", "K": "", "F": "", **bad})
